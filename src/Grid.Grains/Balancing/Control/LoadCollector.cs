using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Balancing.Control;

/// <summary>Asks every active silo for its load. One that does not answer keeps its last report, which grows old. Concurrent calls queue.</summary>
internal sealed partial class LoadCollector(ClusterView view, GossipSender gossip, CatalogueReplica catalogue, TimeProvider time, ILogger<LoadCollector> logger) : IDisposable
{
    /// <summary>A report is read from memory: a silo that takes longer is in trouble, and the others do not wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _collecting = new(1);
    private readonly Dictionary<SiloAddress, LoadReport> _last = [];

    public async Task<ClusterLoad> CollectAsync(CancellationToken cancellationToken)
    {
        await _collecting.WaitAsync(cancellationToken);
        try
        {
            return await CollectCoreAsync(cancellationToken);
        }
        finally
        {
            _collecting.Release();
        }
    }

    public void Dispose() => _collecting.Dispose();

    private async Task<ClusterLoad> CollectCoreAsync(CancellationToken cancellationToken)
    {
        // Before the silos are asked: a plan that is changed meanwhile is newer than what they say.
        var snapshot = catalogue.Current;
        SiloAddress[] silos = [.. view.Active.Select(static member => member.SiloAddress)];
        var reports = await Task.WhenAll(silos.Select(silo => AskAsync(silo, cancellationToken)));
        foreach (var gone in _last.Keys.Except(silos).ToArray())
        {
            _last.Remove(gone);
        }

        // Two processes of one name are a restart that the membership has not noticed: the newer report is the silo's.
        var known = new Dictionary<string, (SiloAddress Silo, LoadReport Report)>(StringComparer.Ordinal);
        for (var i = 0; i < silos.Length; i++)
        {
            var report = reports[i] is { } fresh ? _last[silos[i]] = fresh : _last.GetValueOrDefault(silos[i]);
            if (report is not null && (!known.TryGetValue(report.Load.Silo, out var other) || other.Report.Load.ReportedAtMs < report.Load.ReportedAtMs))
            {
                known[report.Load.Silo] = (silos[i], report);
            }
        }

        LoadReport[] all = [.. known.Values.Select(static k => k.Report)];
        return new ClusterLoad(
            new LoadMap([.. all.Select(static r => r.Load)], VersionLoads.Of(all, snapshot, time.GetUtcNow().ToUnixTimeMilliseconds())),
            known.ToDictionary(static k => k.Key, static k => k.Value.Silo, StringComparer.Ordinal),
            all.SelectMany(static r => r.Versions.Where(static v => v.IsReady).Select(v => (v.Version, r.Load.Silo))).ToLookup(static p => p.Version, static p => p.Silo, StringComparer.Ordinal),
            snapshot);
    }

    private async Task<LoadReport?> AskAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            var report = await gossip.ReadLoadAsync(silo).WaitAsync(Patience, time, cancellationToken);

            // On this silo's clock: the others' may differ by more than a report may be old.
            return report with { Load = report.Load with { ReportedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds() } };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(e, silo);
            return null;
        }
    }

    [LoggerMessage(EventId = 2741, Level = LogLevel.Warning, Message = "Silo {Silo} did not say what its load is; its last report counts for a while")]
    private partial void LogSilent(Exception error, SiloAddress silo);
}
