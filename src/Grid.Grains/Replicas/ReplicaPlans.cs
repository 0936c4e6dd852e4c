using Grid.Grains.Catalogue;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Replicas;

/// <summary>Writes into the catalogue where versions are wanted. Thread-safe.</summary>
internal sealed partial class ReplicaPlans(CatalogueWriter writer, TimeProvider time, ILogger<ReplicaPlans> logger)
{
    /// <param name="key">The version.</param>
    /// <param name="before">The catalogue that was decided on: a plan that was changed since is left alone.</param>
    /// <param name="silos">Names of the silos that shall hold it.</param>
    /// <param name="reason">Why, in a sentence.</param>
    /// <param name="cancellationToken">Stops before the swap.</param>
    /// <returns>The catalogue that has it; null where somebody else changed the plan first.</returns>
    public async Task<CatalogueSnapshot?> WriteAsync(VersionKey key, CatalogueSnapshot before, IEnumerable<string> silos, string reason, CancellationToken cancellationToken)
    {
        var version = before.Replicas.TryGetValue(key, out var known) ? known.Version : 0;
        var entry = new ReplicasEntry([.. silos.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], reason, time.GetUtcNow().ToUnixTimeMilliseconds());
        var swapped = await writer.SwapAsync(CatalogueKinds.Replicas, key.ToString(), version, entry, CatalogueJson.Default.ReplicasEntry, cancellationToken);
        if (swapped is not null)
        {
            LogPlanned(key, entry.Silos.Length == 0 ? "no silo" : string.Join(", ", entry.Silos), swapped.Revision, reason);
        }

        return swapped;
    }

    [LoggerMessage(EventId = 2152, Level = LogLevel.Information, Message = "Version {Version} is wanted on {Silos}, catalogue revision {Revision}. {Reason}")]
    private partial void LogPlanned(VersionKey version, string silos, long revision, string reason);
}
