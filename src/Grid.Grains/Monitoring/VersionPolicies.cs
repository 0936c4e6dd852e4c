using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Inference.Manifests;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Monitoring;

/// <summary>Finds the policy of a version's monitor: its manifest before the silo's settings. Thread-safe.</summary>
internal sealed partial class VersionPolicies(IOptions<GridGrainsOptions> options, ILogger<VersionPolicies> logger)
{
    private readonly MonitoringOptions _silo = options.Value.Monitoring;

    /// <summary>What does not go together in a manifest that is to be registered, and the silo's settings; empty where all does.</summary>
    public IEnumerable<GridError> Check(ModelManifest manifest) => MonitorPolicy.Of(_silo, manifest).Check();

    public MonitorPolicy Find(VersionKey key, VersionEntry entry)
    {
        try
        {
            var policy = MonitorPolicy.Of(_silo, entry.Manifest is { } yaml ? ModelManifest.Parse(yaml) : null);
            GridError[] errors = [.. policy.Check()];
            return errors.Length == 0 ? policy : throw new GridException(errors);
        }
        catch (GridException e)
        {
            // A newer build wrote it, or the silo's settings have changed since it was registered. It goes on being watched.
            LogNotFollowed(e, key);
            return MonitorPolicy.Of(_silo, null);
        }
    }

    [LoggerMessage(EventId = 2812, Level = LogLevel.Warning, Message = "What the manifest of version {Version} says about its monitoring cannot be followed; the silo's settings are in force")]
    private partial void LogNotFollowed(Exception error, VersionKey version);
}
