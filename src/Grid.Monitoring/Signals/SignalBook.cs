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

    /// <summary>Events that wait for a sink; the oldest of the sink that has most goes first, and is counted.</summary>
    public const int MaximumPending = 1000;

    private readonly Dictionary<string, Signal> _open = new(StringComparer.Ordinal);
    private readonly Queue<Signal> _cleared = [];
    private readonly LinkedList<PendingEvent> _pending = [];
    private long _number;

    /// <summary>Open or acknowledged.</summary>
    public IReadOnlyCollection<Signal> Open => _open.Values;

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyCollection<Signal> Cleared => _cleared;

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<PendingEvent> Pending => _pending;

    /// <summary>Events that were given up because a sink took none for too long.</summary>
    public long Dropped { get; private set; }

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

            Send(cleared, sinks);
            return cleared;
        }

        if (known is null)
        {
            _open.Add(signal.DedupeKey, signal);
            Send(signal, sinks);
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
            Send(next, sinks);
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
        Send(seen, sinks);
        return seen;
    }

    /// <summary>A sink has these events, and needs them no longer.</summary>
    public void Delivered(string sink, IReadOnlyCollection<long> numbers)
    {
        for (var node = _pending.First; node is not null;)
        {
            var next = node.Next;
            if (numbers.Contains(node.Value.Number))
            {
                Remove(node, sink);
            }

            node = next;
        }
    }

    /// <summary>Forgets sinks that are no longer there: nobody would take their events.</summary>
    public bool Keep(IReadOnlyCollection<string> sinks)
    {
        var changed = false;
        for (var node = _pending.First; node is not null;)
        {
            var next = node.Next;
            foreach (var gone in node.Value.Sinks.Where(s => !sinks.Contains(s)).ToArray())
            {
                changed |= Remove(node, gone);
            }

            node = next;
        }

        return changed;
    }

    /// <summary>Everything, as JSON; <see cref="Load"/> goes on from it.</summary>
    public JsonElement Save() => JsonSerializer.SerializeToElement(new Saved(1, [.. _open.Values], [.. _cleared], [.. _pending], _number, Dropped), SignalEvents.Json);

    /// <exception cref="GridException">It is not what <see cref="Save"/> writes, or of an unknown format.</exception>
    public static SignalBook Load(JsonElement saved)
    {
        Saved state;
        try
        {
            state = saved.Deserialize<Saved>(SignalEvents.Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new GridException(new GridError(GridErrorCode.Corrupt, "stored signals", $"cannot be read: {e.Message}"), e);
        }

        if (state.Format != 1)
        {
            throw new GridError(GridErrorCode.Unsupported, "stored signals", $"have format {state.Format}; this build reads 1.", "Read them with the build that wrote them, or a newer one.").ToException();
        }

        var book = new SignalBook { _number = state.Number, Dropped = state.Dropped };
        foreach (var signal in state.Open.Select(SignalEvents.Whole))
        {
            book._open.Add(signal.DedupeKey, signal);
        }

        foreach (var signal in state.Cleared.Select(SignalEvents.Whole))
        {
            book._cleared.Enqueue(signal);
        }

        foreach (var pending in state.Pending)
        {
            book._pending.AddLast(pending with { Signal = SignalEvents.Whole(pending.Signal) });
        }

        return book;
    }

    private void Send(Signal signal, IReadOnlyCollection<string> sinks)
    {
        if (sinks.Count == 0)
        {
            return;
        }

        _pending.AddLast(new PendingEvent(++_number, signal, [.. sinks]));
        if (_pending.Count > MaximumPending)
        {
            var fullest = _pending.SelectMany(static p => p.Sinks).CountBy(static s => s).MaxBy(static s => s.Value).Key;
            for (var node = _pending.First; node is not null; node = node.Next)
            {
                if (node.Value.Sinks.Contains(fullest))
                {
                    Remove(node, fullest);
                    Dropped++;
                    break;
                }
            }
        }
    }

    private bool Remove(LinkedListNode<PendingEvent> node, string sink)
    {
        var rest = node.Value.Sinks.Remove(sink);
        if (rest.Length == node.Value.Sinks.Length)
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            _pending.Remove(node);
        }
        else
        {
            node.Value = node.Value with { Sinks = rest };
        }

        return true;
    }

    private sealed record Saved(int Format, Signal[] Open, Signal[] Cleared, PendingEvent[] Pending, long Number, long Dropped);
}
