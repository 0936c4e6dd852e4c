using Grid.Abstractions;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Windows;

namespace Grid.Grains.Monitoring;

/// <summary>
/// Reports one version's feed to its monitor. What is cut is kept and sent again, unchanged, until it is answered; what is kept is bounded, and beyond it the ring
/// takes a sample. Used by one task at a time.
/// </summary>
internal sealed class FeedReport(VersionFeed feed, string silo, MonitoringOptions options, TimeProvider time)
{
    /// <summary>Deltas that wait for their answer. Each is some 100 KB.</summary>
    private const int MaxPending = 64;

    /// <summary>Deltas in one report: a message of some MB.</summary>
    private const int MaxDeltas = 16;

    /// <summary>A version that was not asked for so long is no longer reported.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly List<SketchDelta> _pending = [];
    private MonitorReport? _sent;
    private MonitorLayout? _layout;
    private SketchCollector? _collector;
    private VersionFeed.Source? _source;
    private long _sequence;
    private long _lastUse = time.GetTimestamp();

    public bool IsIdle => _pending.Count == 0 && _sent is null && time.GetElapsedTime(_lastUse) > Idle;

    /// <summary>Takes rows out of the ring into sketches; bounded, so that it costs a few percent of a core at most.</summary>
    public void Drain(int maximumRows)
    {
        if (_collector is null || _pending.Count >= MaxPending)
        {
            return;
        }

        if (_collector.Drain(maximumRows) > 0)
        {
            _lastUse = time.GetTimestamp();
        }

        if (_collector.IsFull)
        {
            Cut();
        }
    }

    /// <summary>Sends what there is. Throws what the monitor or the way there throws; then the next call sends the same again.</summary>
    public async Task SendAsync(IMonitorGrain monitor)
    {
        if (feed.Rows is { } source)
        {
            if (_source?.Ring != source.Ring)
            {
                // Another shape of row: what was kept is of the old one.
                Forget();
            }

            _source = source;
            if (_collector is null)
            {
                Begin(source, await monitor.GetLayoutAsync(feed.Key.Version, source.Columns));
                Drain(source.Columns.Features.Length == 0 ? 0 : options.RingRows);
            }
        }

        Cut();
        if ((_sent ??= Compose()) is not { } report)
        {
            return;
        }

        var reply = await monitor.MergeAsync(report);
        _sent = null;
        if (report.Load.Requests > 0)
        {
            _lastUse = time.GetTimestamp();
        }

        if (_layout is not null && reply.Fingerprint != _layout.Fingerprint)
        {
            // A baseline has been learned, or the monitor knows nothing of the version yet.
            Forget();
            return;
        }

        _pending.RemoveRange(0, reply.Done);
        _collector?.WatchTenants(reply.TenantColumns ?? []);
    }

    private void Begin(VersionFeed.Source source, MonitorLayout layout)
    {
        var sketches = layout.Baseline.Length > 0
            ? Baseline.Parse(layout.Baseline).Layout()
            : SketchLayout.Unbinned(
                layout.Columns.Where(c => c < source.Columns.Features.Length).Select(c => source.Columns.Features[c]),
                layout.Columns.Where(c => c >= source.Columns.Features.Length).Select(c => source.Columns.Outputs[c - source.Columns.Features.Length]));
        var windows = new MonitorOptions { Window = TimeSpan.FromMilliseconds(layout.WindowMs), Origin = DateTimeOffset.FromUnixTimeMilliseconds(layout.OriginMs) };
        var now = time.GetUtcNow();

        // A new collector counts its deltas from 1 again, so its epoch is the time at which it began.
        _collector = new SketchCollector(source.Ring, sketches, silo, now.UtcTicks, now, [.. layout.Columns], source.Columns.IsEventClock ? windows.WindowStart : null);
        _layout = layout;
    }

    private void Cut()
    {
        if (_collector is not null && _pending.Count < MaxPending)
        {
            _pending.AddRange(_collector.Cut(time.GetUtcNow()));
        }
    }

    private MonitorReport? Compose()
    {
        var load = feed.TakeLoad();
        var recent = feed.TakeRecent();
        var pairs = feed.TakePairs();
        return _pending.Count == 0 && load.Requests == 0 && recent.Length == 0 && pairs.Length == 0
            ? null
            : new MonitorReport(
                silo,
                ++_sequence,
                feed.Key.Version,
                _layout?.Fingerprint ?? 0,
                _source?.Fingerprint ?? "",
                [.. _pending.Take(MaxDeltas).Select(static d => d.ToBytes())],
                load,
                recent,
                pairs);
    }

    private void Forget()
    {
        _pending.Clear();
        _collector = null;
        _layout = null;
        _sent = null;
    }
}
