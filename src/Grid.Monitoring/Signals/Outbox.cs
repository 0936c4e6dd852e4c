using System.Collections.Immutable;

namespace Grid.Monitoring.Signals;

/// <summary>
/// Events that some sinks do not have yet, oldest first. Saved together with what they tell of, so that what happened is told at least once, whatever crashes. Bounded.
/// Not thread-safe: an actor owns it.
/// </summary>
/// <typeparam name="T">What is told; immutable.</typeparam>
public sealed class Outbox<T>
{
    /// <summary>Events that wait for a sink; the oldest of the sink that has most goes first, and is counted.</summary>
    public const int MaximumPending = 1000;

    private readonly LinkedList<PendingEvent<T>> _pending = [];
    private long _saving;

    /// <summary>An empty one.</summary>
    public Outbox()
    {
    }

    /// <summary>One that was saved.</summary>
    /// <param name="pending">What waits, oldest first.</param>
    /// <param name="number">Number of the last event.</param>
    /// <param name="dropped">Events that were given up.</param>
    public Outbox(IEnumerable<PendingEvent<T>> pending, long number, long dropped)
    {
        foreach (var waiting in pending)
        {
            _pending.AddLast(waiting);
        }

        (Number, Saved, _saving, Dropped) = (number, number, number, dropped);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<PendingEvent<T>> Pending => _pending;

    /// <summary>Of the last event.</summary>
    public long Number { get; private set; }

    /// <summary>Events that were given up because a sink took none for too long.</summary>
    public long Dropped { get; private set; }

    /// <summary>Of the last event that is saved. Those after it are not to be told yet: nobody would know of them after a crash.</summary>
    public long Saved { get; private set; }

    /// <summary>Something is not saved.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>All that is here is about to be saved. One save at a time.</summary>
    public void BeginSave() => (IsDirty, _saving) = (false, Number);

    /// <summary>What was here when <see cref="BeginSave"/> was called is saved.</summary>
    public void EndSave() => Saved = _saving;

    /// <summary>Has each of these sinks be told.</summary>
    public void Send(T item, IReadOnlyCollection<string> sinks)
    {
        if (sinks.Count == 0)
        {
            return;
        }

        IsDirty = true;
        _pending.AddLast(new PendingEvent<T>(++Number, item, [.. sinks]));
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

    /// <summary>Counts events that can no longer be told.</summary>
    public void Miss(long events)
    {
        Dropped += events;
        IsDirty |= events > 0;
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
    public void Keep(IReadOnlyCollection<string> sinks)
    {
        for (var node = _pending.First; node is not null;)
        {
            var next = node.Next;
            foreach (var gone in node.Value.Sinks.Where(s => !sinks.Contains(s)).ToArray())
            {
                Remove(node, gone);
            }

            node = next;
        }
    }

    private void Remove(LinkedListNode<PendingEvent<T>> node, string sink)
    {
        var rest = node.Value.Sinks.Remove(sink);
        if (rest.Length == node.Value.Sinks.Length)
        {
            return;
        }

        IsDirty = true;
        if (rest.IsEmpty)
        {
            _pending.Remove(node);
        }
        else
        {
            node.Value = node.Value with { Sinks = rest };
        }
    }
}
