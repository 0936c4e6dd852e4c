using Grid.Primitives;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Grid.Silo.Http;

/// <summary>The files of an uploaded version in a folder of their own, which goes away with this object.</summary>
internal sealed class ModelUpload : IDisposable
{
    /// <summary>Room for boundaries and part headers beside the files.</summary>
    private const long OverheadBytes = 1 << 20;

    private const int BufferBytes = 1 << 16;

    private const string ModelFile = "model.onnx";

    private ModelUpload(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Streams the parts to disk, counting as they come.</summary>
    /// <exception cref="GridException">It is not a multipart body, a file's name is not a plain relative path, or a limit is passed; the folder is gone then.</exception>
    public static async ValueTask<ModelUpload> ReceiveAsync(HttpContext context, GridHttpOptions limits)
    {
        var boundary = BoundaryOf(context.Request);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limits.MaxModelBytes + OverheadBytes;
        }

        var upload = new ModelUpload(Path.Combine(limits.UploadFolder, $"grid-upload-{Guid.NewGuid():n}"));
        try
        {
            Directory.CreateDirectory(upload.Folder);
            await upload.ReceivePartsAsync(new MultipartReader(boundary, context.Request.Body, BufferBytes), limits, context.RequestAborted);
            return upload;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException { StatusCode: 400 })
        {
            upload.Dispose();
            throw new GridException(GridError.Invalid("body", $"is not a whole multipart body: {e.Message}", "Send each file as a part with its file name."), e);
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary)
        {
            return boundary;
        }

        throw GridError.Invalid("header 'Content-Type'", $"is '{request.ContentType}'.", "Send multipart/form-data: curl -X PUT -F files=@model.onnx …").ToException();
    }

    private async Task ReceivePartsAsync(MultipartReader reader, GridHttpOptions limits, CancellationToken cancellationToken)
    {
        var left = limits.MaxModelBytes;
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var name = NameOf(section);
            if (!names.Add(name))
            {
                throw GridError.Invalid($"file '{name}'", "is sent twice.", "Send each file once.").ToException();
            }

            if (names.Count > limits.MaxModelFiles)
            {
                throw new GridError(GridErrorCode.TooLarge, "files", $"are over the limit of {limits.MaxModelFiles}.", "Send fewer files, or raise GridHttpOptions.MaxModelFiles.").ToException();
            }

            left = await SaveAsync(section.Body, name, left, limits, cancellationToken);
        }

        if (names.Count == 0)
        {
            throw GridError.Invalid("files", "are missing.", $"Send {ModelFile} as a part with its file name.").ToException();
        }

        if (!names.Contains(ModelFile))
        {
            // Refused here, where the files have the names the caller knows and not a folder of the silo's.
            throw GridError.Invalid("files", $"have no {ModelFile}.", $"Send {ModelFile} as a part with its file name.").ToException();
        }
    }

    private async Task<long> SaveAsync(Stream body, string name, long left, GridHttpOptions limits, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                left -= read;
                if (left < 0)
                {
                    throw new GridError(GridErrorCode.TooLarge, $"file '{name}'", $"brings the upload over the limit of {limits.MaxModelBytes} bytes.", "Send a smaller model, or raise GridHttpOptions.MaxModelBytes.").ToException();
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return left;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A relative path of plain names: nothing that leaves the folder or hides in it.</summary>
    private static string NameOf(MultipartSection section)
    {
        var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value
            : null;
        if (string.IsNullOrEmpty(name))
        {
            throw GridError.Invalid("part", "has no file name.", "Send each file as a part with its file name.").ToException();
        }

        return name.Length <= 512 && Array.TrueForAll(name.Split('/'), static part => GridNames.IsValid(part))
            ? name
            : throw GridError.Invalid($"file '{name}'", "is not a plain relative path.", $"Each part of it: {GridNames.Rule}").ToException();
    }
}
