using System.Diagnostics;
using Grid.Abstractions;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Grid.Grains.Balancing.Costs;

/// <summary>
/// The load of this silo: its heaviest shards by sketch, the rest as a sum, smoothed as <see cref="BalancerOptions.HalfLife"/> says. Sampled once a second;
/// its memory does not depend on how many shards there are. Thread-safe.
/// </summary>
internal sealed class LoadMeter(
    IOptions<GridGrainsOptions> options,
    IOptions<SiloOptions> silo,
    ClusterView view,
    LocalShards shards,
    ModelHost models,
    TimeProvider time)
{
    /// <summary>Shards that are named in a report, by processor time; a quarter as many again by remote calls.</summary>
    private const int HotShards = 256;

    /// <summary>Places for each that is reported: with so many no reported weight is off by more than a share of 1 ÷ 1,024.</summary>
    private const int PlacesPerHot = 4;

    /// <summary>Versions whose calls are told apart.</summary>
    private const int HotVersions = 256;

    /// <summary>
    /// How far the process may outdo what its shards were seen to take. The door, the messages and the collector work for the shards too, and go where
    /// they go; beyond this the process works for something else.
    /// </summary>
    private const double MostOverhead = 16;

    private readonly Lock _lock = new();
    private readonly HeavyHitters<ShardKey> _busy = new(HotShards * PlacesPerHot);
    private readonly HeavyHitters<(ShardKey Shard, VersionKey Version)> _calls = new(HotShards * PlacesPerHot);
    private readonly HeavyHitters<(ShardKey Shard, VersionKey Version)> _remote = new(HotShards);
    private readonly HeavyHitters<VersionKey> _versionCalls = new(HotVersions);
    private readonly HeavyHitters<VersionKey> _versionRemote = new(HotVersions);
    private readonly double _halfLifeSeconds = options.Value.Balancer.HalfLife.TotalSeconds;
    private long _sampledAt = time.GetTimestamp();
    private double _processorSeconds = Environment.CpuUsage.TotalTime.TotalSeconds;
    private double _usedCores;
    private bool _hasSample;
    private double _queueMs;

    /// <summary>Takes in what the shards did since the last time.</summary>
    public void Sample()
    {
        MeasureQueue();
        lock (_lock)
        {
            var seconds = time.GetElapsedTime(_sampledAt).TotalSeconds;
            if (seconds < 0.1)
            {
                return;
            }

            // 1. A first sample stands for itself: a silo that has just joined would otherwise look idle for a minute.
            var keep = _hasSample ? Math.Pow(0.5, seconds / _halfLifeSeconds) : 0;
            var processor = Environment.CpuUsage.TotalTime.TotalSeconds;
            _usedCores = (_usedCores * keep) + ((processor - _processorSeconds) / seconds * (1 - keep));
            (_processorSeconds, _sampledAt, _hasSample) = (processor, time.GetTimestamp(), true);

            // 2. What is past fades, what is new comes in.
            _busy.Scale(keep);
            _calls.Scale(keep);
            _remote.Scale(keep);
            _versionCalls.Scale(keep);
            _versionRemote.Scale(keep);
            var share = (1 - keep) / seconds;
            foreach (var cost in shards.Costs)
            {
                Add(cost.Shard, cost.Take(), share);
            }
        }
    }

    /// <summary>By how much what shards were seen to take is multiplied: down where their threads had no core, up for what the process does for them besides.</summary>
    internal static double ScaleOf(double usedCores, double seenCores) => seenCores > 0 ? Math.Min(MostOverhead, usedCores / seenCores) : 1;

    /// <summary>The report of this moment. Times are those of this silo's clock.</summary>
    public LoadReport Read()
    {
        LoadedVersion[] loaded = [.. models.Status.Where(static s => s.State is ModelState.Ready or ModelState.Loading).Select(Describe)];
        lock (_lock)
        {
            if (!_hasSample)
            {
                // A silo in its first second is not idle. Where that is too short to measure, it has what its process took since it began, until there is a sample.
                Sample();
                _usedCores = _hasSample ? _usedCores : CoresSinceStart();
            }

            return new LoadReport(ReadLoad(), loaded);
        }
    }

    private static double CoresSinceStart()
    {
        using var process = Process.GetCurrentProcess();
        return Environment.CpuUsage.TotalTime / (DateTime.Now - process.StartTime);
    }

    private static LoadedVersion Describe(ModelStatus status) =>
        new(status.Key.ToString(), status.State == ModelState.Ready, status.ChargedBytes, status.Costs.IsDefaultOrEmpty ? 0 : status.Costs[0].Nanoseconds / 1e9 / status.Costs[0].Rows, (long)status.Idle.TotalMilliseconds);

    private void Add(ShardKey shard, in ShardCostSpan span, double share)
    {
        _busy.Add(shard, (double)span.BusyTicks / time.TimestampFrequency * share);
        for (var i = 0; i < span.Calls.Count; i++)
        {
            var (version, calls, remote) = span.Calls[i];
            _calls.Add((shard, version), calls * share);
            _remote.Add((shard, version), remote * share);
            _versionCalls.Add(version, calls * share);
            _versionRemote.Add(version, remote * share);
        }
    }

    private SiloLoad ReadLoad()
    {
        // 1. What the process used is spread over the shards by what they were seen to take: never more than it used, and not all of it where they did little.
        var scale = ScaleOf(_usedCores, _busy.Total);
        var here = new Dictionary<ShardKey, ShardCost>();
        long bytes = 0;
        foreach (var cost in shards.Costs)
        {
            here[cost.Shard] = cost;
            bytes += cost.StateBytes;
        }

        // 2. Those that are still here, heaviest first, and those that call much from afar.
        var named = _busy.Entries().Where(e => here.ContainsKey(e.Key)).OrderByDescending(static e => e.Sure).Take(HotShards).Select(static e => e.Key)
            .Union(_remote.Entries().Where(e => here.ContainsKey(e.Key.Shard)).OrderByDescending(static e => e.Sure).Take(HotShards / 4).Select(static e => e.Key.Shard));
        var calls = _calls.Entries().Where(static e => e.Sure > 0).ToLookup(
            static e => e.Key.Shard,
            e => new VersionCalls(e.Key.Version.ToString(), e.Sure, Math.Min(e.Sure, _remote.Find(e.Key).Sure)));
        ShardLoad[] hot = [.. named.Select(shard => new ShardLoad(shard, _busy.Find(shard).Sure * scale, here[shard].StateBytes, calls[shard].ToArray()))];
        var total = _busy.Entries().Where(e => here.ContainsKey(e.Key)).Sum(static e => e.Sure) * scale;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new SiloLoad(
            silo.Value.SiloName,
            options.Value.Zone,
            view.Phase == SiloPhase.Active ? SiloState.Active : SiloState.Draining,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            Environment.ProcessorCount,
            _usedCores,
            Volatile.Read(ref _queueMs),
            Environment.WorkingSet,
            memory,
            options.Value.Labels.ToArray(),
            hot,
            new RestLoad(here.Count - hot.Length, Math.Max(0, total - hot.Sum(static h => h.Cores)), Math.Max(0, bytes - hot.Sum(static h => h.StateBytes))),
            _versionCalls.Entries().Select(e => new VersionCalls(e.Key.ToString(), e.Sure, Math.Min(e.Sure, _versionRemote.Find(e.Key).Sure))).ToArray());
    }

    /// <summary>How long a piece of work waits for a thread; one is sent along with each sample.</summary>
    private void MeasureQueue()
    {
        var queuedAt = time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => Volatile.Write(ref state.Meter._queueMs, state.Meter.ElapsedMs(state.QueuedAt)),
            (Meter: this, QueuedAt: queuedAt),
            preferLocal: false);
    }

    private double ElapsedMs(long since) => time.GetElapsedTime(since).TotalMilliseconds;
}
