using Grid.Monitoring.Baselines;
using Grid.Monitoring.Detectors;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Windows;

/// <summary>
/// Watches one version: merges deltas into windows, tests a window when it closes, and raises, updates and clears signals. Time is what the caller says,
/// nothing is read or written, so that the same calls always give the same signals. Bounded memory. Not thread-safe: an actor owns it.
/// </summary>
public sealed partial class ModelMonitor
{
    /// <summary>Windows that are open at once: the current one, and those that still wait for late deltas or for a clock that is ahead.</summary>
    private const int MaximumOpenWindows = 4;

    /// <summary>Windows that one with too few rows may be carried into; after that its rows are dropped.</summary>
    private const int MaximumCarry = 168;

    /// <summary>Cleared signals that are kept for the record.</summary>
    private const int MaximumCleared = 100;

    private readonly MonitorOptions _options;
    private readonly VersionKey _version;
    private readonly Digest _digest;
    private readonly MergeLedger _ledger = new();
    private readonly MergeLedger _outcomes = new();
    private readonly SortedDictionary<DateTimeOffset, OpenWindow> _windows = [];
    private readonly Queue<SketchSet> _season = [];
    private readonly Dictionary<string, Alarm> _alarms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Signal> _open = new(StringComparer.Ordinal);
    private readonly Queue<Signal> _cleared = [];
    private readonly Adwin _errors = new();
    private Baseline? _baseline;
    private SketchLayout _layout;
    private PerformanceReference? _learnedPerformance;
    private OpenWindow? _carried;
    private DateTimeOffset _closedUpTo = DateTimeOffset.MinValue;

    /// <param name="version">What is watched.</param>
    /// <param name="digest">Of its artifact.</param>
    /// <param name="baseline">Its baseline.</param>
    /// <param name="options">When to speak up.</param>
    /// <exception cref="GridException">The options break a range.</exception>
    public ModelMonitor(VersionKey version, Digest digest, Baseline baseline, MonitorOptions options)
        : this(version, digest, baseline.Layout(), options) => _baseline = baseline;

    /// <summary>Watches a version without a baseline: learns a provisional one from the first <see cref="MonitorOptions.ProvisionalRows"/> rows.</summary>
    /// <inheritdoc cref="ModelMonitor(VersionKey, Digest, Baseline, MonitorOptions)"/>
    public ModelMonitor(VersionKey version, Digest digest, IEnumerable<string> features, IEnumerable<string> outputs, MonitorOptions options)
        : this(version, digest, SketchLayout.Unbinned(features, outputs), options) { }

    private ModelMonitor(VersionKey version, Digest digest, SketchLayout layout, MonitorOptions options)
    {
        var errors = options.Check();
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        (_version, _digest, _layout, _options) = (version, digest, layout, options);
    }

    /// <summary>Null until a provisional one is learned.</summary>
    public Baseline? Baseline => _baseline;

    /// <summary>The layout that replicas must sketch under; changes once, when a provisional baseline has been learned.</summary>
    public SketchLayout Layout => _layout;

    /// <summary>The last window that was tested, or null.</summary>
    public WindowReport? LastReport { get; private set; }

    /// <summary>Rows whose delta came after its window had closed.</summary>
    public long LateRows { get; private set; }

    /// <summary>Rows in windows that are not closed.</summary>
    public long OpenRows => _windows.Values.Sum(static w => w.Sketches.Rows) + (_carried?.Sketches.Rows ?? 0);

    /// <summary>When the next window can be closed; null where none is open.</summary>
    public DateTimeOffset? NextClose => _windows.Count > 0 ? _windows.First().Key + _options.Window + _options.Grace : null;

    /// <summary>Signals that are open or acknowledged.</summary>
    public IReadOnlyCollection<Signal> OpenSignals => _open.Values;

    /// <summary>The last hundred that were cleared, oldest first.</summary>
    public IReadOnlyCollection<Signal> ClearedSignals => _cleared;

    /// <summary>Adds what a replica saw; the same delta twice counts once.</summary>
    public MergeOutcome Merge(SketchDelta delta, DateTimeOffset now)
    {
        if (delta.Total.Layout.Fingerprint != _layout.Fingerprint)
        {
            return MergeOutcome.Refused;
        }

        var outcome = Admit(_ledger, delta.Silo, delta.Epoch, delta.Sequence, delta.From, now, out var window);
        if (outcome == MergeOutcome.Merged)
        {
            window!.Sketches.Merge(delta.Total);
            window.Merge(delta.Tenants);
            _ledger.Accept(delta.Silo, delta.Epoch, delta.Sequence);
        }
        else if (outcome == MergeOutcome.Late)
        {
            LateRows += delta.Total.Rows;
            _ledger.Accept(delta.Silo, delta.Epoch, delta.Sequence);
        }

        return outcome;
    }

    /// <summary>Adds what outcomes say; the same delta twice counts once. A lasting change of the mean error from delta to delta raises a signal at once.</summary>
    /// <param name="delta">Of outcomes that arrived in its time, whenever their predictions were made.</param>
    /// <param name="now">The time.</param>
    /// <param name="changes">Signals that this changed.</param>
    public MergeOutcome Merge(PerformanceDelta delta, DateTimeOffset now, out IReadOnlyList<Signal> changes)
    {
        changes = [];
        var outcome = Admit(_outcomes, delta.Source, delta.Epoch, delta.Sequence, delta.From, now, out var window);
        if (outcome == MergeOutcome.Merged)
        {
            window!.Merge(delta.Binary, delta.Regression, delta.Tenants);
            changes = WatchError(delta, now);
        }

        if (outcome is MergeOutcome.Merged or MergeOutcome.Late)
        {
            _outcomes.Accept(delta.Source, delta.Epoch, delta.Sequence);
        }

        return outcome;
    }

    /// <summary>Closes and tests the windows that are over.</summary>
    /// <returns>Signals that were raised, updated or cleared, in order.</returns>
    public IReadOnlyList<Signal> Advance(DateTimeOffset now)
    {
        var changes = new List<Signal>();
        while (_windows.Count > 0 && _windows.First() is var (start, window) && start + _options.Window + _options.Grace <= now)
        {
            _windows.Remove(start);
            _closedUpTo = start + _options.Window;
            Close(window, _closedUpTo, changes);
        }

        return changes;
    }

    /// <summary>Marks an open signal as seen.</summary>
    /// <returns>The signal, or null where none with that id is open.</returns>
    public Signal? Acknowledge(string id, string by, DateTimeOffset now)
    {
        var (key, signal) = _open.FirstOrDefault(p => p.Value.Id == id);
        return signal is null ? null : _open[key] = signal with { Status = SignalStatus.Acknowledged, AcknowledgedBy = by, UpdatedAt = now };
    }

    private MergeOutcome Admit(MergeLedger ledger, string source, long epoch, long sequence, DateTimeOffset from, DateTimeOffset now, out OpenWindow? window)
    {
        window = null;
        var outcome = ledger.Check(source, epoch, sequence);
        if (outcome != MergeOutcome.Merged)
        {
            return outcome;
        }

        var start = _options.WindowStart(from);
        if (start < _closedUpTo)
        {
            return MergeOutcome.Late;
        }

        if (!_windows.TryGetValue(start, out window))
        {
            // A clock far ahead must not open windows that nobody closes.
            if (from > now + _options.Window || _windows.Count >= MaximumOpenWindows)
            {
                return MergeOutcome.Refused;
            }

            _windows.Add(start, window = new OpenWindow(_layout, start));
        }

        return MergeOutcome.Merged;
    }

    private IReadOnlyList<Signal> WatchError(PerformanceDelta delta, DateTimeOffset now)
    {
        // One observation a delta: the mean squared error of a probability lies in [0, 1], where the detector's bound was made. Too few rows are noise.
        const long LeastRows = 20;
        if (delta.Binary is not { Count: >= LeastRows } binary)
        {
            return [];
        }

        var before = _errors.Width > 0 ? _errors.Total / _errors.Width : binary.Brier;
        if (!_errors.Add(binary.Brier))
        {
            return [];
        }

        var after = _errors.Total / _errors.Width;
        if (after <= before)
        {
            return [];
        }

        var evidence = new SignalEvidence(null, "brier_change", after, before, before, null, binary.Count, _errors.Width, delta.From, now);
        var finding = new Finding(SignalType.ErrorChange, evidence, true, true, false);
        return _open.ContainsKey(finding.Key) ? [Update(finding, now)] : [Raise(finding, now)];
    }

    private void Close(OpenWindow window, DateTimeOffset end, List<Signal> changes)
    {
        if (_carried is not null)
        {
            Join(window, _carried);
            _carried = null;
        }

        if (_baseline is null)
        {
            Learn(window, end);
            return;
        }

        var rows = window.Sketches.Rows >= _options.MinimumRows;
        var outcomes = window.Outcomes >= _options.MinimumOutcomes;
        if ((!rows || (window.Outcomes > 0 && !outcomes)) && end - window.From < MaximumCarry * _options.Window)
        {
            // What has enough is tested now; the rest joins the next window.
            _carried = new OpenWindow(_layout, window.From);
            if (!rows)
            {
                _carried.Sketches = window.Sketches;
                _carried.Merge(window.Tenants);
            }

            if (!outcomes)
            {
                _carried.Merge(window.Binary, window.Regression, window.Losses);
            }
        }

        if (rows || outcomes)
        {
            Test(window, end, rows, outcomes, changes);
        }
    }

    private void Test(OpenWindow window, DateTimeOffset end, bool rows, bool outcomes, List<Signal> changes)
    {
        var reference = Reference(window.Sketches, rows);
        var findings = new List<Finding>();
        if (rows && reference is not null)
        {
            findings.AddRange(DriftTests.Evaluate(reference, window.Sketches, _options, window.From, end));
            if (DriftTests.Estimated(_baseline!, window.Sketches, _options, window.From, end) is { } estimated)
            {
                findings.Add(estimated);
            }
        }

        if (outcomes)
        {
            findings.AddRange(Performance(window, end));
        }

        // Quality first: drift of broken data is not drift.
        var ordered = findings.OrderByDescending(static f => IsQuality(f.Type)).Select(f => NameTenants(f, reference, window)).ToArray();
        var held = ordered.Any(static f => IsQuality(f.Type) && f.Hit) || _open.Values.Any(static s => s.IsDataQuality);
        foreach (var finding in ordered.Where(f => f.Tested && !(held && IsDrift(f.Type))))
        {
            Step(finding, end, changes);
        }

        if (rows && reference is not null && !held)
        {
            ClearUnmeasured(findings, end, changes);
        }

        if (rows)
        {
            // The error detector has no windows of its own: a window without a new change is a quiet one.
            StepErrorChange(end, changes);
        }

        LastReport = new WindowReport(window.From, end, window.Sketches.Rows, window.Sketches.SamplingRate, window.Outcomes, held, [.. findings]);
    }

    private void Step(Finding finding, DateTimeOffset now, List<Signal> changes)
    {
        var (next, change) = _alarms.GetValueOrDefault(finding.Key).Step(finding.Hit, finding.Quiet, _options);
        if (next == default)
        {
            _alarms.Remove(finding.Key);
        }
        else
        {
            _alarms[finding.Key] = next;
        }

        switch (change)
        {
            case AlarmChange.Raised:
                changes.Add(Raise(finding, now));
                break;
            case AlarmChange.StillOpen:
                changes.Add(Update(finding, now));
                break;
            case AlarmChange.Cleared:
                changes.Add(Clear(finding.Key, finding.Evidence, now));
                break;
        }
    }

    private void StepErrorChange(DateTimeOffset now, List<Signal> changes)
    {
        const string Key = "ErrorChange/-/brier_change";
        if (_open.TryGetValue(Key, out var signal) && now - signal.UpdatedAt >= _options.ClearAfter * _options.Window)
        {
            changes.Add(Clear(Key, signal.Evidence, now));
        }
    }

    /// <summary>A drift signal whose test is no longer made, because the policy measures otherwise now, has nothing else that could clear it.</summary>
    private void ClearUnmeasured(List<Finding> findings, DateTimeOffset now, List<Signal> changes)
    {
        var measured = findings.Select(static f => f.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, signal) in _open.Where(p => p.Value.Type is SignalType.FeatureDrift or SignalType.PredictionDrift && !measured.Contains(p.Key)).ToArray())
        {
            _alarms.Remove(key);
            changes.Add(Clear(key, signal.Evidence, now));
        }
    }

    private Signal Raise(Finding finding, DateTimeOffset now) => _open[finding.Key] = new Signal
    {
        Type = finding.Type,
        Severity = Severity(finding),
        Status = SignalStatus.Open,
        Version = _version,
        Digest = _digest,
        Evidence = finding.Evidence,
        ProvisionalReference = _baseline?.Provisional ?? true,
        OpenedAt = now,
        UpdatedAt = now,
    };

    private Signal Update(Finding finding, DateTimeOffset now)
    {
        var signal = _open[finding.Key];

        // A quiet window says nothing new; the evidence stays that of the last loud one.
        var severity = (SignalSeverity)Math.Max((int)signal.Severity, (int)Severity(finding));
        return _open[finding.Key] = signal with { Evidence = finding.Quiet ? signal.Evidence : finding.Evidence, Severity = severity, UpdatedAt = now };
    }

    private Signal Clear(string key, SignalEvidence evidence, DateTimeOffset now)
    {
        var signal = _open[key] with { Status = SignalStatus.Cleared, Evidence = evidence, UpdatedAt = now };
        _open.Remove(key);
        _cleared.Enqueue(signal);
        if (_cleared.Count > MaximumCleared)
        {
            _cleared.Dequeue();
        }

        return signal;
    }

    /// <summary>Performance is always critical; anything else when its effect is twice what counts.</summary>
    private static SignalSeverity Severity(Finding finding)
    {
        var e = finding.Evidence;
        var from = e.Reference ?? 0;
        return finding.Type == SignalType.Performance || e.Value - from >= 2 * (e.Threshold - from) && e.Threshold > from ? SignalSeverity.Critical : SignalSeverity.Warning;
    }

    private static bool IsQuality(SignalType type) => type is SignalType.MissingValues or SignalType.NotFiniteValues or SignalType.OutOfRange or SignalType.NewCategories;

    private static bool IsDrift(SignalType type) => type is SignalType.FeatureDrift or SignalType.PredictionDrift or SignalType.EstimatedPerformance;
}
