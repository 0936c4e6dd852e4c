using System.Buffers;
using System.Security.Cryptography;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// Artifacts as files, <c>sha256/ab/&lt;hex&gt;</c>, each written to a temporary file, synced, renamed into place, and its folder synced:
/// a name is there only with all of its bytes.
/// </summary>
internal sealed class FileArtifactStore : IArtifactStore
{
    // One read from a network stream or disk; larger buffers gained nothing over SHA-256's own speed.
    private const int BufferBytes = 128 << 10;

    public const int MaxBeginning = 64;

    private readonly string _files;
    private readonly string _temporary;
    private readonly StoreFaults? _faults;

    /// <summary>Creates the folders and removes what an interrupted write left.</summary>
    public FileArtifactStore(string folder, StoreFaults? faults)
    {
        _files = Path.Combine(folder, "sha256");
        _temporary = Path.Combine(folder, "tmp");
        _faults = faults;
        Directory.CreateDirectory(_files);
        Directory.CreateDirectory(_temporary);
        foreach (var left in Directory.EnumerateFiles(_temporary))
        {
            File.Delete(left);
        }
    }

    public async Task<ArtifactInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            var info = await WriteAsync(content, temporary, maxBytes, cancellationToken);
            _faults?.Reach(StoreFaultPoint.ArtifactBeforeRename);
            var path = PathOf(info.Digest);
            var folder = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                FolderSync.Sync(_files);
            }

            // Replaces a copy that is there: the bytes are the same unless that one is damaged, and who has it open keeps it.
            File.Move(temporary, path, overwrite: true);
            FolderSync.Sync(folder);
            return info;
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            throw new GridException(FileErrors.Describe(failure, $"artifacts in '{_files}'"), failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Stream> OpenAsync(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(Open(digest));
    }

    public ValueTask<bool> ExistsAsync(Digest digest, CancellationToken cancellationToken) => new(!digest.IsEmpty && File.Exists(PathOf(digest)));

    public async Task<string> VerifiedPathOfAsync(Digest digest, CancellationToken cancellationToken)
    {
        await using var content = Open(digest);
        await content.CopyToAsync(Stream.Null, BufferBytes, cancellationToken);
        return PathOf(digest);
    }

    public async Task<IReadOnlyList<Digest>> FindAsync(ReadOnlyMemory<byte> beginning, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(beginning.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(beginning.Length, MaxBeginning);
        var found = new List<Digest>();
        var buffer = new byte[beginning.Length];
        foreach (var digest in All())
        {
            try
            {
                await using var file = new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true);
                if (await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) == buffer.Length && buffer.AsSpan().SequenceEqual(beginning.Span))
                {
                    found.Add(digest);
                }
            }
            catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
            {
                // Removed since it was listed.
            }
            catch (Exception failure) when (FileErrors.IsFromDisk(failure))
            {
                throw new GridException(FileErrors.Describe(failure, $"artifact '{digest}'"), failure);
            }
        }

        return found;
    }

    public Task RemoveAsync(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Remove(digest);
        return Task.CompletedTask;
    }

    /// <summary>Removes an artifact, if it is there, for good. Who has it open keeps it.</summary>
    public void Remove(Digest digest)
    {
        var path = PathOf(digest);
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                FolderSync.Sync(Path.GetDirectoryName(path)!);
            }
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            throw new GridException(FileErrors.Describe(failure, $"artifact '{digest}'"), failure);
        }
    }

    /// <summary>All that are here, as far as names say.</summary>
    public IEnumerable<Digest> All()
    {
        foreach (var path in Directory.EnumerateFiles(_files, "*", SearchOption.AllDirectories))
        {
            if (Digest.TryParse(Digest.Prefix + Path.GetFileName(path), out var digest))
            {
                yield return digest;
            }
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_files, digest.Hex[..2], digest.Hex);

    private VerifyingStream Open(Digest digest)
    {
        var target = $"artifact '{digest}'";
        try
        {
            return digest.IsEmpty
                ? throw GridError.Invalid("digest", "is empty.", "Name an artifact.").ToException()
                : new VerifyingStream(new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true), digest);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GridException(GridError.NotFound(target, "is not stored here.", "Store it first."), failure);
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            throw new GridException(FileErrors.Describe(failure, target), failure);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException failure)
        {
            // The sender's connection is to blame, not the disk of this store.
            throw new GridException(GridError.Unavailable("artifact", $"Its content could not be read to the end: {failure.Message}", "Send it again.", 1_000), failure);
        }
    }

    private static async Task<ArtifactInfo> WriteAsync(Stream content, string path, long maxBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            long size = 0;
            int read;
            while ((read = await ReadAsync(content, buffer, cancellationToken)) > 0)
            {
                size += read;
                if (size > maxBytes)
                {
                    throw new GridError(GridErrorCode.TooLarge, "artifact", $"has more than {maxBytes} bytes, the limit.", "Send a smaller artifact, or raise the limit.").ToException();
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Flush(flushToDisk: true);
            return new ArtifactInfo(Digests.FromHash(hash.GetHashAndReset()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
