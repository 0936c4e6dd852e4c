using System.Collections.Immutable;
using System.Text.Json;
using Grid.Primitives;

namespace Grid.Monitoring.Signals;

/// <summary>
/// The signals of one model, one for each <see cref="Signal.DedupeKey"/>, and the events that must still go out. Saved as a whole, so that a signal and its event
/// are stored together: what is raised is told at least once, whatever crashes. Bounded. Not thread-safe: an actor owns it.
/// </summary>
public sealed class SignalBook
{
    /// <summary>Cleared signals that are kept for the record; the oldest go first.</summary>
    public const int MaximumCleared = 200;

    private readonly Dictionary<string, Signal> _open = new(StringComparer.Ordinal);
    private readonly Queue<Signal> _cleared = [];

    /// <summary>One without signals.</summary>
    public SignalBook()
        : this(new Outbox<Signal>())
    {
    }

    private SignalBook(Outbox<Signal> outbox) => Outbox = outbox;

    /// <summary>Open or acknowledged.</summary>
    public IReadOnlyCollection<Signal> Open => _open.Values;

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyCollection<Signal> Cleared => _cleared;

    /// <summary>States of signals that some sinks do not have yet.</summary>
    public Outbox<Signal> Outbox { get; }

    /// <summary>Takes in a new state of a signal: opens it, gives it new evidence, or clears it. The same state again changes nothing.</summary>
    /// <param name="signal">The state.</param>
    /// <param name="sinks">Who must hear of it.</param>
    /// <returns>The state that stands, or null where nothing changed.</returns>
    public Signal? Apply(Signal signal, IReadOnlyCollection<string> sinks)
    {
        var known = _open.GetValueOrDefault(signal.DedupeKey);
        if (signal.Status == SignalStatus.Cleared)
        {
            if (known is null)
            {
                return null;
            }

            _open.Remove(signal.DedupeKey);
            var cleared = signal with { OpenedAt = known.OpenedAt, AcknowledgedBy = known.AcknowledgedBy, Explanation = signal.Explanation ?? known.Explanation };
            _cleared.Enqueue(cleared);
            if (_cleared.Count > MaximumCleared)
            {
                _cleared.Dequeue();
            }

            Outbox.Send(cleared, sinks);
            return cleared;
        }

        if (known is null)
        {
            _open.Add(signal.DedupeKey, signal);
            Outbox.Send(signal, sinks);
            return signal;
        }

        if (known.UpdatedAt >= signal.UpdatedAt)
        {
            return null;
        }

        // One that is open already is news only where it became worse, or where it is known for the first time who carries it; who has seen it need not see it again.
        var severity = (SignalSeverity)Math.Max((int)known.Severity, (int)signal.Severity);
        var next = signal with { OpenedAt = known.OpenedAt, Severity = severity, Status = known.Status, AcknowledgedBy = known.AcknowledgedBy };
        _open[signal.DedupeKey] = next;
        if (severity > known.Severity || (known.Evidence.Tenants is not { Count: > 0 } && next.Evidence.Tenants is { Count: > 0 }))
        {
            Outbox.Send(next, sinks);
        }

        return next;
    }

    /// <summary>Marks an open signal as seen.</summary>
    /// <returns>It, or null where none of that id is open. One that is acknowledged already stays as it is.</returns>
    public Signal? Acknowledge(string id, string by, DateTimeOffset now, IReadOnlyCollection<string> sinks)
    {
        if (_open.Values.FirstOrDefault(s => s.Id == id) is not { } signal)
        {
            return null;
        }

        if (signal.Status == SignalStatus.Acknowledged)
        {
            return signal;
        }

        var seen = signal with { Status = SignalStatus.Acknowledged, AcknowledgedBy = by, UpdatedAt = signal.UpdatedAt > now ? signal.UpdatedAt : now };
        _open[signal.DedupeKey] = seen;
        Outbox.Send(seen, sinks);
        return seen;
    }

    /// <summary>Everything, as JSON; <see cref="Load"/> goes on from it.</summary>
    public JsonElement Save() => JsonSerializer.SerializeToElement(
        new Saved(
        1,
        [.. _open.Values],
        [.. _cleared],
        [.. Outbox.Pending.Select(static p => new SavedEvent(p.Number, p.Item, p.Sinks))],
        Outbox.Number,
        Outbox.Dropped),
        CloudEventJson.Options);

    /// <exception cref="GridException">It is not what <see cref="Save"/> writes, or of an unknown format.</exception>
    public static SignalBook Load(JsonElement saved)
    {
        Saved state;
        try
        {
            state = saved.Deserialize<Saved>(CloudEventJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new GridException(new GridError(GridErrorCode.Corrupt, "stored signals", $"cannot be read: {e.Message}"), e);
        }

        if (state.Format != 1)
        {
            throw new GridError(GridErrorCode.Unsupported, "stored signals", $"have format {state.Format}; this build reads 1.", "Read them with the build that wrote them, or a newer one.").ToException();
        }

        var pending = state.Pending.Select(static p => new PendingEvent<Signal>(p.Number, SignalEvents.Whole(p.Signal), p.Sinks));
        var book = new SignalBook(new Outbox<Signal>(pending, state.Number, state.Dropped));
        foreach (var signal in state.Open.Select(SignalEvents.Whole))
        {
            book._open.Add(signal.DedupeKey, signal);
        }

        foreach (var signal in state.Cleared.Select(SignalEvents.Whole))
        {
            book._cleared.Enqueue(signal);
        }

        return book;
    }

    private sealed record Saved(int Format, Signal[] Open, Signal[] Cleared, SavedEvent[] Pending, long Number, long Dropped);

    private sealed record SavedEvent(long Number, Signal Signal, ImmutableArray<string> Sinks);
}
