using Grid.Primitives;

namespace Grid.Client;

/// <summary>A file that appears under its name once it is whole and has the content that its digest says. Not thread-safe.</summary>
public sealed class FileDownload
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly string _path;

    private FileDownload(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <param name="target">What errors call it.</param>
    /// <param name="digest">What the content must be.</param>
    /// <param name="path">The file; replaced where it is there.</param>
    /// <param name="fill">Writes the content; may rewind and begin anew.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GridException">Corrupt: other content came. InvalidArgument: the file cannot be written.</exception>
    public static async Task ToFileAsync(string target, string digest, string path, Func<FileDownload, Task> fill, CancellationToken cancellationToken)
    {
        var staging = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            await using (var file = Create(staging, path))
            {
                await fill(new FileDownload(file, path));
                file.Position = 0;
                var content = await Digest.OfAsync(file, cancellationToken);
                if (content.ToString() != digest)
                {
                    throw new GridError(GridErrorCode.Corrupt, target, $"came with the content {content}.", "Download it again.").ToException();
                }
            }

            File.Move(staging, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
        finally
        {
            if (File.Exists(staging))
            {
                File.Delete(staging);
            }
        }
    }

    /// <summary>Begins anew.</summary>
    public void Rewind()
    {
        _file.Position = 0;
        _file.SetLength(0);
    }

    /// <summary>Writes a stream to its end. What fails on the way there is the stream's; what fails here is named by the file.</summary>
    public async Task CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            try
            {
                await _file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException e)
            {
                throw Unwritable(_path, e);
            }
        }
    }

    private static FileStream Create(string staging, string path)
    {
        try
        {
            return new FileStream(staging, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    private static GridException Unwritable(string path, Exception e) => new(GridError.Invalid($"file '{path}'", $"cannot be written: {e.Message}", "Choose another file, or make room."), e);
}
