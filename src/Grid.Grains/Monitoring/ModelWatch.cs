using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Outcomes;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Monitoring;

/// <summary>
/// All that a model's monitor holds, and what it makes of what it is told. Time is what the caller says; nothing is read or written. Bounded. Not thread-safe: the
/// model's actor owns it.
/// </summary>
internal sealed class ModelWatch
{
    /// <summary>Versions under watch; beyond, the one not heard of for longest goes.</summary>
    private const int MaxVersions = 16;

    /// <summary>Predictions and outcomes in mind: some 20 MB at most.</summary>
    private const int JoinerCapacity = 50_000;

    /// <summary>A version out of service is forgotten after this.</summary>
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(10);

    private readonly ModelKey _key;
    private readonly IReadOnlyCollection<string> _sinks;
    private readonly Dictionary<string, VersionWatch> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _gone = new(StringComparer.Ordinal);
    private readonly OutcomeJoiner _joiner = new(JoinerCapacity);
    private readonly Dictionary<string, TrialWatch> _trials;

    public ModelWatch(ModelKey key, StoredMonitor stored, IEnumerable<VersionWatch> versions, IReadOnlyCollection<string> sinks)
    {
        (_key, _sinks) = (key, sinks);
        DocumentVersion = stored.Version;
        Book = stored.Book;
        Retraining = new RetrainDesk(key, stored.Retraining);
        _trials = stored.Trials.ToDictionary(static trial => trial.Challenger, static trial => new TrialWatch(trial), StringComparer.Ordinal);
        foreach (var version in versions)
        {
            _versions.Add(version.Key.Version, version);
        }

        Book.Outbox.Keep(sinks);
    }

    public SignalBook Book { get; }

    public RetrainDesk Retraining { get; }

    public long DocumentVersion { get; set; }

    /// <summary>Something is not stored.</summary>
    public bool IsDirty
    {
        get => field || Book.Outbox.IsDirty;
        set;
    }

    public IReadOnlyCollection<VersionWatch> Versions => _versions.Values;

    public VersionWatch? Find(string version) => _versions.GetValueOrDefault(version);

    /// <summary>Begins to watch a version.</summary>
    public void Add(VersionWatch watch)
    {
        if (_versions.Count >= MaxVersions)
        {
            Drop(_versions.Values.MinBy(static v => v.LastHeard)!);
        }

        // A document of that name may still be there: its version is the one to replace.
        if (_gone.Remove(watch.Key.Version, out var known))
        {
            watch.DocumentVersion = known;
        }

        _versions.Add(watch.Key.Version, watch);
        watch.IsDirty = true;
        IsDirty = true;
    }

    /// <summary>Ends to watch a version; what was gathered is removed with the next save.</summary>
    public void Drop(VersionWatch watch)
    {
        _versions.Remove(watch.Key.Version);
        _gone[watch.Key.Version] = watch.DocumentVersion;
        IsDirty = true;
    }

    /// <summary>Takes in what a silo saw of a version.</summary>
    public int Merge(VersionWatch watch, MonitorReport report, IReadOnlyList<SketchDelta> deltas, DateTimeOffset clock)
    {
        var changes = new List<Signal>();
        var done = watch.Merge(report, deltas, clock, changes);
        Apply(changes);
        foreach (var recent in report.Recent)
        {
            var prediction = new Grid.Monitoring.Outcomes.Prediction(
                recent.Id, EntityOf(recent.Tenant, recent.Entity), DateTimeOffset.FromUnixTimeMilliseconds(recent.TimeMs), recent.Score, watch.Key.Version);
            if (_joiner.Predicted(prediction, clock) is { } joined)
            {
                Take(joined, clock);
            }
        }

        foreach (var pair in report.Pairs)
        {
            IsDirty |= TrialOf(watch.Key.Version, pair.Champion).Add(pair, EntityOf(pair.Tenant, pair.Entity), clock);
        }

        WatchSchema(watch, report.Vector, clock);
        return done;
    }

    /// <summary>What outcomes and drift say of the versions on trial.</summary>
    public TrialStanding[] Trials() =>
    [
        .. _trials.Values.Select(trial => trial.Standing(
        [
            .. Book.Open.Where(s => s.Version.Version == trial.Challenger && s.Type is SignalType.FeatureDrift or SignalType.PredictionDrift)
                .Select(static s => s.Evidence.Column ?? "").Distinct(StringComparer.Ordinal),
        ])),
    ];

    /// <summary>Takes in the truth about predictions.</summary>
    public OutcomeCounts Observe(ObservedOutcome[] outcomes, DateTimeOffset clock)
    {
        int joined = 0, duplicates = 0, corrected = 0, waiting = 0, ignored = 0;
        foreach (var outcome in outcomes)
        {
            if (!double.IsFinite(outcome.Label) || (outcome.Score is { } given && (!double.IsFinite(given) || outcome.Version is not { } version || Find(version) is null)))
            {
                ignored++;
                continue;
            }

            var time = DateTimeOffset.FromUnixTimeMilliseconds(outcome.TimeMs);
            var entity = EntityOf(outcome.Tenant, outcome.Entity);
            if (outcome.Score is { } score)
            {
                // Known to the joiner first, so that the same outcome by another way counts once.
                _joiner.Predicted(new Grid.Monitoring.Outcomes.Prediction(outcome.PredictionId ?? $"{entity}@{outcome.TimeMs}", entity, time, score, outcome.Version!), clock);
            }

            var truth = new Grid.Monitoring.Outcomes.Outcome(outcome.PredictionId ?? (outcome.Score is null ? null : $"{entity}@{outcome.TimeMs}"), entity, time, outcome.Label);
            foreach (var trial in _trials.Values)
            {
                IsDirty |= trial.Observe(truth, clock);
            }

            var result = _joiner.Observed(truth, clock);
            switch (result.Kind)
            {
                case JoinKind.Joined:
                    joined++;
                    break;
                case JoinKind.Duplicate:
                    duplicates++;
                    break;
                case JoinKind.Corrected:
                    corrected++;
                    break;
                default:
                    waiting++;
                    break;
            }

            Take(result, clock);
        }

        return new OutcomeCounts(joined, duplicates, corrected, waiting, ignored);
    }

    /// <summary>Does what time alone asks for: closes windows, judges load, follows the rollout, asks the retrain policy.</summary>
    /// <param name="entry">The model's rollout; null where the model is gone.</param>
    /// <param name="lineageOf">Which signal asked for a version.</param>
    /// <param name="manual">Who asks for a training by hand; null where nobody does.</param>
    /// <param name="clock">The time.</param>
    public void Step(ModelEntry? entry, Func<string, string?> lineageOf, string? manual, DateTimeOffset clock)
    {
        var inUse = entry?.InUse().ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var watch in _versions.Values.ToArray())
        {
            Apply(watch.Advance(clock));
            Apply(watch.FlushOutcomes(clock));
            WatchLoad(watch, clock);
            if (!inUse.Contains(watch.Key.Version) && clock - watch.LastHeard > Forget)
            {
                Drop(watch);
            }
        }

        foreach (var ended in _trials.Values.Where(trial => trial.Champion != entry?.Live || !inUse.Contains(trial.Challenger)).ToArray())
        {
            _trials.Remove(ended.Challenger);
            IsDirty = true;
        }

        // Signals of a version that serves no longer say nothing to anybody.
        foreach (var orphan in Book.Open.Where(s => s.Type != SignalType.Retrain && Find(s.Version.Version) is null).ToArray())
        {
            Clear(orphan, "The version is no longer in service.", clock);
        }

        if (entry?.Live is not { } live)
        {
            return;
        }

        var request = Book.Open.FirstOrDefault(static s => s.Type == SignalType.Retrain);
        var before = Retraining.Record;
        var now = Find(live)?.Now(clock);
        if (Retraining.Follow(entry, lineageOf, request, now ?? clock) is { } followed)
        {
            Apply([followed]);
        }

        if (Find(live) is { } watched && now is { } time && Retraining.Decide(watched, Book.Open, manual, time) is { } signal)
        {
            Apply([signal]);
        }

        IsDirty |= Retraining.Record != before;
    }

    /// <summary>Marks a signal as seen; null where none of that id is open.</summary>
    public Signal? Acknowledge(string id, string by, DateTimeOffset clock)
    {
        var signal = Book.Acknowledge(id, by, clock, _sinks);
        if (signal is not null)
        {
            Find(signal.Version.Version)?.Monitor.Acknowledge(id, by, signal.UpdatedAt);
            if (signal.Type == SignalType.SchemaChanged && Find(signal.Version.Version) is { } watch)
            {
                watch.AcceptVector();
            }

            IsDirty = true;
        }

        return signal;
    }

    /// <summary>When somebody must look again if this process is gone; null: never by itself.</summary>
    public long? DueMs(DateTimeOffset clock)
    {
        var wait = TimeSpan.FromSeconds(30);
        var due = Book.Outbox.Pending.Count > 0 ? clock + wait : (DateTimeOffset?)null;
        foreach (var next in _versions.Values.Where(static v => !v.Record.IsEventClock).Select(static v => v.Monitor.NextClose))
        {
            due = next is { } close && (due is null || close + wait < due) ? close + wait : due;
        }

        return due?.ToUnixTimeMilliseconds();
    }

    /// <summary>Everything that has to be stored, as of now.</summary>
    public (MonitorDocument Document, List<DocumentSwap> Sketches, VersionWatch[] Written, string[] Removed) Save()
    {
        var document = new MonitorDocument(MonitorDocument.CurrentFormat, Book.Save(), [.. _versions.Values.Select(static v => v.Record)], Retraining.Record, [.. _trials.Values.Select(static t => t.Record)]);
        VersionWatch[] written = [.. _versions.Values.Where(static v => v.IsDirty)];
        List<DocumentSwap> swaps =
        [
            .. written.Select(v => new DocumentSwap(MonitorStore.KeyOf(_key, v.Key.Version), v.DocumentVersion, null, v.Monitor.Save())),
            .. _gone.Where(g => g.Value > 0).Select(g => new DocumentSwap(MonitorStore.KeyOf(_key, g.Key), g.Value, null, null)),
        ];
        IsDirty = false;
        Book.Outbox.BeginSave();
        foreach (var watch in written)
        {
            watch.IsDirty = false;
        }

        return (document, swaps, written, [.. _gone.Keys]);
    }

    /// <summary>What <see cref="Save"/> gave is stored.</summary>
    public void Saved(VersionWatch[] written, string[] removed)
    {
        DocumentVersion++;
        Book.Outbox.EndSave();
        foreach (var watch in written)
        {
            watch.DocumentVersion++;
        }

        foreach (var version in removed)
        {
            _gone.Remove(version);
        }
    }

    private TrialWatch TrialOf(string challenger, string champion)
    {
        if (!_trials.TryGetValue(challenger, out var trial) || trial.Champion != champion)
        {
            // Against another champion it is another trial.
            _trials[challenger] = trial = new TrialWatch(new TrialRecord(champion, challenger));
        }

        return trial;
    }

    private void Take(JoinedOutcome joined, DateTimeOffset clock)
    {
        if (joined.Kind is not (JoinKind.Joined or JoinKind.Corrected) || Find(joined.Prediction.Version) is not { } watch)
        {
            return;
        }

        watch.Observe(TenantOf(joined.Prediction.Entity), joined.Prediction.Score, joined.Label, joined.Replaced, clock);
        if (joined.Kind == JoinKind.Joined)
        {
            Retraining.Observed(1);
        }

        IsDirty = true;
    }

    private void WatchLoad(VersionWatch watch, DateTimeOffset clock)
    {
        var changes = watch.Load.Advance(clock);
        foreach (var finding in changes.Loud)
        {
            Apply([NewSignal(watch, finding.Type, SignalSeverity.Critical, finding.Evidence, clock, null)]);
        }

        foreach (var type in changes.Cleared)
        {
            foreach (var signal in Book.Open.Where(s => s.Type == type && s.Version == watch.Key).ToArray())
            {
                Clear(signal, null, clock);
            }
        }
    }

    private void WatchSchema(VersionWatch watch, string vector, DateTimeOffset clock)
    {
        var open = Book.Open.FirstOrDefault(s => s.Type == SignalType.SchemaChanged && s.Version == watch.Key);
        if (watch.ChangedFrom(vector) is { } before)
        {
            if (open is null)
            {
                var evidence = new SignalEvidence(null, "vector_fingerprint", 1, null, 0, null, 0, 0, clock, clock);
                Apply([NewSignal(watch, SignalType.SchemaChanged, SignalSeverity.Warning, evidence, clock, $"A view was changed that the version reads: its features have the fingerprint {vector}, and {before} when it was first served.")]);
            }
        }
        else if (open is not null && vector.Length > 0)
        {
            Clear(open, null, clock);
        }
    }

    private static Signal NewSignal(VersionWatch watch, SignalType type, SignalSeverity severity, SignalEvidence evidence, DateTimeOffset clock, string? why) => new()
    {
        Type = type,
        Severity = severity,
        Status = SignalStatus.Open,
        Version = watch.Key,
        Digest = Digest.TryParse(watch.Record.Digest, out var digest) ? digest : default,
        Evidence = evidence,
        OpenedAt = clock,
        UpdatedAt = clock,
        Explanation = why,
    };

    private void Clear(Signal signal, string? why, DateTimeOffset clock) =>
        Apply([signal with { Status = SignalStatus.Cleared, Explanation = why ?? signal.Explanation, UpdatedAt = clock > signal.UpdatedAt ? clock : signal.UpdatedAt }]);

    private void Apply(IReadOnlyList<Signal> changes)
    {
        foreach (var change in changes)
        {
            IsDirty |= Book.Apply(change, _sinks) is not null;
        }
    }

    private static string EntityOf(string tenant, string entity) => $"{tenant}/{entity}";

    /// <summary>A tenant's name has no slash.</summary>
    private static string TenantOf(string? entity) => entity is not null && entity.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? entity[..slash] : "";
}
