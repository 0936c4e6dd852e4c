using Grid.Grains.Catalogue;
using Grid.Inference.Manifests;
using Grid.Monitoring.Baselines;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Monitoring;

/// <summary>Finds the baseline that came with a version. Thread-safe.</summary>
internal sealed partial class VersionBaselines(IArtifactStore artifacts, ILogger<VersionBaselines> logger)
{
    /// <summary>What a version's folder calls it where the manifest does not say.</summary>
    private const string DefaultFile = "baseline.json";

    private const int MaxBytes = 16 << 20;

    /// <returns>Null where the version has none, or one that cannot be read: then a provisional one is learned.</returns>
    public async Task<Baseline?> FindAsync(VersionKey key, VersionEntry entry, CancellationToken cancellationToken)
    {
        var name = DefaultFile;
        try
        {
            name = (entry.Manifest is { } yaml ? ModelManifest.Parse(yaml).Baseline : null) ?? DefaultFile;
            if (entry.Files.FirstOrDefault(file => file.Name == name) is not { } file || !Digest.TryParse(file.Digest, out var digest))
            {
                return null;
            }

            await using var source = await artifacts.OpenAsync(digest, cancellationToken);
            using var bytes = new MemoryStream();
            await source.CopyToAsync(bytes, cancellationToken);
            return bytes.Length <= MaxBytes
                ? Baseline.Parse(bytes.ToArray())
                : throw new GridError(GridErrorCode.TooLarge, $"file '{name}'", $"has {bytes.Length} bytes; the limit is {MaxBytes}.").ToException();
        }
        catch (GridException e) when (e.Error.Code is GridErrorCode.InvalidArgument or GridErrorCode.TooLarge or GridErrorCode.Unsupported)
        {
            // The version goes on serving; what is wrong with the file stays wrong, for a version never changes.
            LogUnreadable(e, key, name);
            return null;
        }
    }

    [LoggerMessage(EventId = 2811, Level = LogLevel.Warning, Message = "The baseline {File} of version {Version} cannot be read; a provisional one is learned from what it serves")]
    private partial void LogUnreadable(Exception error, VersionKey version, string file);
}
