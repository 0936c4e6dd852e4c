namespace Grid.Monitoring.Outcomes;

/// <summary>
/// Joins the outcomes of one model to its recent predictions in bounded memory, whichever comes first. What is older is for a join against the prediction log.
/// Not thread-safe.
/// </summary>
public sealed class OutcomeJoiner
{
    private readonly int _capacity;
    private readonly TimeSpan _keep;
    private readonly TimeSpan _within;
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> _byEntity = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _predictions = [];
    private readonly Dictionary<string, Waiting> _waitingById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Waiting>> _waitingByEntity = new(StringComparer.Ordinal);
    private readonly Queue<Waiting> _waiting = [];

    /// <param name="capacity">Predictions, and waiting outcomes, that are kept; the oldest go first. 1 to 10,000,000; default 100,000.</param>
    /// <param name="keep">How long each is kept. Default 1 hour.</param>
    /// <param name="within">How long before an outcome named by entity and time its prediction may lie. Default 1 minute.</param>
    public OutcomeJoiner(int capacity = 100_000, TimeSpan? keep = null, TimeSpan? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 10_000_000);
        (_capacity, _keep, _within) = (capacity, keep ?? TimeSpan.FromHours(1), within ?? TimeSpan.FromMinutes(1));
    }

    public long Joined { get; private set; }

    public long Duplicates { get; private set; }

    public long Corrections { get; private set; }

    /// <summary>Outcomes that were given up because no prediction came.</summary>
    public long Unmatched { get; private set; }

    /// <summary>Predictions that left memory without an outcome.</summary>
    public long Unlabelled { get; private set; }

    public int PredictionsHeld => _byId.Count;

    public int OutcomesWaiting { get; private set; }

    /// <summary>A prediction was made.</summary>
    /// <returns>Its join with an outcome that was there before it; null where there is none, or the prediction was known.</returns>
    public JoinedOutcome? Predicted(Prediction prediction, DateTimeOffset now)
    {
        Expire(now);
        if (_byId.ContainsKey(prediction.Id))
        {
            return null;
        }

        var entry = new Entry(prediction, now);
        _byId.Add(prediction.Id, entry);
        _predictions.Enqueue(entry);
        if (prediction.Entity is { } entity)
        {
            ListOf(_byEntity, entity).Add(entry);
        }

        while (_byId.Count > _capacity)
        {
            Forget(_predictions.Dequeue());
        }

        return Awaited(prediction) is { } waiting ? Join(entry, waiting.Outcome.Label) : null;
    }

    /// <summary>An outcome arrived.</summary>
    public JoinedOutcome Observed(Outcome outcome, DateTimeOffset now)
    {
        Expire(now);
        if (Find(outcome) is { } entry)
        {
            return Join(entry, outcome.Label);
        }

        var waiting = new Waiting(outcome, now);
        if (outcome.PredictionId is { } id)
        {
            // The newest word on a prediction that has not come counts; the one before it is as if corrected.
            if (_waitingById.Remove(id, out var before))
            {
                before.Gone = true;
                OutcomesWaiting--;
                Corrections += before.Outcome.Label.Equals(outcome.Label) ? 0 : 1;
                Duplicates += before.Outcome.Label.Equals(outcome.Label) ? 1 : 0;
            }

            _waitingById.Add(id, waiting);
        }
        else if (outcome.Entity is { } entity)
        {
            ListOf(_waitingByEntity, entity).Add(waiting);
        }
        else
        {
            Unmatched++;
            return new JoinedOutcome(JoinKind.Waiting, default, outcome.Label, null);
        }

        _waiting.Enqueue(waiting);
        OutcomesWaiting++;
        while (OutcomesWaiting > _capacity || _waiting.Count > 2L * _capacity)
        {
            GiveUp(_waiting.Dequeue());
        }

        return new JoinedOutcome(JoinKind.Waiting, default, outcome.Label, null);
    }

    /// <summary>Forgets what is too old.</summary>
    public void Expire(DateTimeOffset now)
    {
        while (_predictions.TryPeek(out var entry) && entry.At + _keep < now)
        {
            Forget(_predictions.Dequeue());
        }

        while (_waiting.TryPeek(out var waiting) && (waiting.Gone || waiting.At + _keep < now))
        {
            GiveUp(_waiting.Dequeue());
        }
    }

    private JoinedOutcome Join(Entry entry, double label)
    {
        if (entry.Label is not { } known)
        {
            entry.Label = label;
            Joined++;
            return new JoinedOutcome(JoinKind.Joined, entry.Prediction, label, null);
        }

        if (known.Equals(label))
        {
            Duplicates++;
            return new JoinedOutcome(JoinKind.Duplicate, entry.Prediction, label, null);
        }

        entry.Label = label;
        Corrections++;
        return new JoinedOutcome(JoinKind.Corrected, entry.Prediction, label, known);
    }

    private Entry? Find(Outcome outcome)
    {
        if (outcome.PredictionId is { } id)
        {
            return _byId.GetValueOrDefault(id);
        }

        return outcome.Entity is { } entity && _byEntity.TryGetValue(entity, out var entries)
            ? entries.Where(e => Matches(e.Prediction, outcome)).MaxBy(static e => e.Prediction.Time)
            : null;
    }

    private Waiting? Awaited(Prediction prediction)
    {
        if (_waitingById.Remove(prediction.Id, out var waiting))
        {
            waiting.Gone = true;
            OutcomesWaiting--;
            return waiting;
        }

        if (prediction.Entity is not { } entity || !_waitingByEntity.TryGetValue(entity, out var list) || list.Find(w => Matches(prediction, w.Outcome)) is not { } found)
        {
            return null;
        }

        found.Gone = true;
        OutcomesWaiting--;
        RemoveFrom(_waitingByEntity, entity, found);
        return found;
    }

    private bool Matches(Prediction prediction, Outcome outcome) => prediction.Time <= outcome.Time && outcome.Time - prediction.Time <= _within;

    private void Forget(Entry entry)
    {
        _byId.Remove(entry.Prediction.Id);
        Unlabelled += entry.Label is null ? 1 : 0;
        if (entry.Prediction.Entity is { } entity)
        {
            RemoveFrom(_byEntity, entity, entry);
        }
    }

    private void GiveUp(Waiting waiting)
    {
        if (waiting.Gone)
        {
            return;
        }

        waiting.Gone = true;
        OutcomesWaiting--;
        Unmatched++;
        if (waiting.Outcome.PredictionId is { } id)
        {
            _waitingById.Remove(id);
        }
        else
        {
            RemoveFrom(_waitingByEntity, waiting.Outcome.Entity!, waiting);
        }
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        return list;
    }

    private static void RemoveFrom<T>(Dictionary<string, List<T>> lists, string key, T item)
    {
        if (lists.TryGetValue(key, out var list) && list.Remove(item) && list.Count == 0)
        {
            lists.Remove(key);
        }
    }

    private sealed class Entry(Prediction prediction, DateTimeOffset at)
    {
        public Prediction Prediction { get; } = prediction;

        public DateTimeOffset At { get; } = at;

        public double? Label { get; set; }
    }

    private sealed class Waiting(Outcome outcome, DateTimeOffset at)
    {
        public Outcome Outcome { get; } = outcome;

        public DateTimeOffset At { get; } = at;

        public bool Gone { get; set; }
    }
}
