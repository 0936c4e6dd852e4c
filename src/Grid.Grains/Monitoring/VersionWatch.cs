using Grid.Abstractions;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Load;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Grains.Monitoring;

/// <summary>One version under watch: its monitor, its load, and its clock. Owned by the model's actor.</summary>
internal sealed class VersionWatch
{
    /// <summary>Silos whose position is waited for; one that was not heard of for longer is gone.</summary>
    private static readonly TimeSpan SiloTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Outcomes that make a delta: the change detector looks at means of that many.</summary>
    private const int OutcomesADelta = 100;

    /// <summary>Fewer outcomes wait no longer than this for others.</summary>
    private static readonly TimeSpan OutcomeDelay = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long MarkMs, DateTimeOffset Heard, long Sequence)> _silos = new(StringComparer.Ordinal);
    private readonly long _epoch;
    private BinaryPerformance? _binary;
    private RegressionPerformance? _regression;
    private TenantLosses? _losses;
    private DateTimeOffset? _outcomesSince;
    private long _deltas;
    private string _vector = "";

    public VersionWatch(WatchRecord record, VersionKey key, BaselineFit? fit, ModelMonitor monitor, MonitorPolicy policy, LoadOptions load, IEnumerable<SignalType> openLoad, long documentVersion, DateTimeOffset now)
    {
        (Record, Key, Fit, Monitor, Policy, DocumentVersion) = (record, key, fit, monitor, policy, documentVersion);
        Load = new LoadMonitor(load, openLoad);
        _epoch = now.UtcTicks;
        LastHeard = now;
    }

    public VersionKey Key { get; }

    public WatchRecord Record { get; private set; }

    /// <summary>The baseline that came with the version; null where one is, or was, learned.</summary>
    public BaselineFit? Fit { get; }

    public ModelMonitor Monitor { get; }

    /// <summary>What its manifest and the silo say about windows and trainings.</summary>
    public MonitorPolicy Policy { get; }

    public LoadMonitor Load { get; }

    public long DocumentVersion { get; set; }

    /// <summary>The monitor holds something that is not stored.</summary>
    public bool IsDirty { get; set; }

    public DateTimeOffset LastHeard { get; private set; }

    /// <summary>
    /// What time it is for this version. By the clock; or by its events, as far as every silo that reports has come, so that a silo that is behind does not find its
    /// windows closed. Null before the first event.
    /// </summary>
    public DateTimeOffset? Now(DateTimeOffset clock)
    {
        if (!Record.IsEventClock)
        {
            return clock;
        }

        var live = _silos.Values.Where(s => s.MarkMs > 0 && clock - s.Heard <= SiloTimeout).Select(static s => s.MarkMs).DefaultIfEmpty(0).Min();
        if (live > (Record.MarkMs ?? 0))
        {
            Record = Record with { MarkMs = live };
        }

        return Record.MarkMs is { } mark ? DateTimeOffset.FromUnixTimeMilliseconds(mark) : null;
    }

    /// <summary>Takes in a report's deltas as far as they are not too early.</summary>
    /// <param name="report">The report.</param>
    /// <param name="deltas">Its deltas, read.</param>
    /// <param name="clock">The time.</param>
    /// <param name="changes">Where signals that closing windows changed are added.</param>
    /// <returns>How many deltas are done.</returns>
    public int Merge(MonitorReport report, IReadOnlyList<SketchDelta> deltas, DateTimeOffset clock, List<Signal> changes)
    {
        LastHeard = clock;
        var before = _silos.GetValueOrDefault(report.Silo);
        if (report.Sequence > before.Sequence && report.Load.Requests > 0)
        {
            Load.Add(new LoadCounts(report.Load.Requests, report.Load.Failed, report.Load.Refused, report.Load.Slow, report.Load.SlowMs), clock);
        }

        Hear(report.Silo, before.MarkMs, Math.Max(report.Sequence, before.Sequence), clock);
        var done = 0;
        foreach (var delta in deltas)
        {
            var now = Now(clock) is { } time && time > delta.From ? time : Record.IsEventClock ? delta.From : clock;
            var outcome = Monitor.Merge(delta, now);
            if (outcome == MergeOutcome.Refused)
            {
                break;
            }

            done++;
            IsDirty = true;
            Record = Record.SinceMs is null ? Record with { SinceMs = delta.From.ToUnixTimeMilliseconds() } : Record;
            Hear(report.Silo, Math.Max(_silos[report.Silo].MarkMs, delta.To.ToUnixTimeMilliseconds()), _silos[report.Silo].Sequence, clock);
            changes.AddRange(Advance(clock));
        }

        return done;
    }

    /// <summary>Closes windows that are over.</summary>
    public IReadOnlyList<Signal> Advance(DateTimeOffset clock)
    {
        if (Now(clock) is not { } now || Monitor.NextClose is not { } next || next > now)
        {
            return [];
        }

        IsDirty = true;
        return Monitor.Advance(now);
    }

    /// <summary>Adds, corrects or takes out an outcome.</summary>
    public void Observe(string tenant, double score, double label, double? replaced, DateTimeOffset clock)
    {
        _outcomesSince ??= clock;
        var isBinary = IsBinary(score, label);
        if (Monitor.WantsTenantLosses && (_losses ??= new TenantLosses(isBinary)).IsBinary == isBinary)
        {
            _losses.Add(tenant, score, label, replaced);
        }

        if (isBinary)
        {
            _binary ??= new BinaryPerformance();
            _binary.Add(score, label >= 0.5);
            if (replaced is { } wrong)
            {
                _binary.Add(score, wrong >= 0.5, -1);
            }
        }
        else
        {
            _regression ??= new RegressionPerformance();
            _regression.Add(score, label);
            if (replaced is { } wrong)
            {
                _regression.Add(score, wrong, -1);
            }
        }
    }

    /// <summary>Gives the monitor what outcomes said, once they are enough or old enough.</summary>
    public IReadOnlyList<Signal> FlushOutcomes(DateTimeOffset clock)
    {
        if (_outcomesSince is not { } since
            || Now(clock) is not { } now
            || ((_binary?.Count ?? 0) + (_regression?.Count ?? 0) < OutcomesADelta && clock - since < OutcomeDelay))
        {
            return [];
        }

        var delta = new PerformanceDelta("outcomes", _epoch, ++_deltas, now, _binary, _regression, _losses);
        (_binary, _regression, _losses, _outcomesSince) = (null, null, null, null);
        IsDirty = true;
        Monitor.Merge(delta, now, out var changes);
        return changes;
    }

    /// <summary>Compares what the features' values depend on with what it was when the version was first served.</summary>
    /// <returns>What it was, where that is something else; null where it is the same.</returns>
    public string? ChangedFrom(string vector)
    {
        if (vector.Length == 0)
        {
            return null;
        }

        _vector = vector;
        if (Record.Vector.Length == 0)
        {
            Record = Record with { Vector = vector };
            IsDirty = true;
        }

        return Record.Vector == vector ? null : Record.Vector;
    }

    /// <summary>Somebody has looked at it: what the features are now is what they shall be.</summary>
    public void AcceptVector() => Record = Record with { Vector = _vector.Length > 0 ? _vector : Record.Vector };

    private bool IsBinary(double score, double label) =>
        Monitor.Baseline?.Performance?.Rmse is null && score is >= 0 and <= 1 && label is 0 or 1;

    private void Hear(string silo, long markMs, long sequence, DateTimeOffset clock)
    {
        _silos[silo] = (markMs, clock, sequence);
        foreach (var (gone, _) in _silos.Where(s => clock - s.Value.Heard > SiloTimeout * 10).ToArray())
        {
            _silos.Remove(gone);
        }
    }
}
