using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Models;

/// <summary>
/// Lays a version's files out under their own names in a local folder, because ONNX external data refers to its neighbours by name.
/// The folder's name is the content digest, so a folder that exists is complete and right.
/// </summary>
internal sealed class VersionFolders(IArtifactStore artifacts, IOptions<GridGrainsOptions> options)
{
    /// <summary>The local folder that holds the version's files, made where it is missing.</summary>
    /// <exception cref="GridException">A file is missing from the artifact store, or its bytes fail their digest.</exception>
    public async Task<string> EnsureAsync(VersionEntry version, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(version.Digest, out var digest))
        {
            throw new GridError(GridErrorCode.Corrupt, $"digest '{version.Digest}'", "is not a content digest.", "Register the version again.").ToException();
        }

        var folder = Path.Combine(options.Value.CacheFolder, "versions", digest.Hex);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var staging = $"{folder}.{Guid.NewGuid():n}.tmp";
        Directory.CreateDirectory(staging);
        try
        {
            foreach (var file in version.Files)
            {
                await WriteAsync(file, staging, cancellationToken);
            }

            Directory.Move(staging, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another load of the same bytes was first.
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }

        return folder;
    }

    private async Task WriteAsync(ArtifactFile file, string folder, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(file.Digest, out var digest))
        {
            throw new GridError(GridErrorCode.Corrupt, $"file '{file.Name}'", $"has the digest '{file.Digest}', which is none.", "Register the version again.").ToException();
        }

        var path = Path.Combine(folder, file.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var source = await artifacts.OpenAsync(digest, cancellationToken);
        await using var target = File.Create(path);
        await source.CopyToAsync(target, cancellationToken);
    }
}
