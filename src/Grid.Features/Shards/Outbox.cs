using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>What the shard set aside and nobody has acknowledged yet, oldest first.</summary>
internal sealed class Outbox(int capacity)
{
    private readonly Queue<OutboxEntry> _entries = new();

    public int Count => _entries.Count;

    public bool IsFull => _entries.Count >= capacity;

    public long LastSequence { get; private set; }

    public IReadOnlyList<OutboxEntry> Peek(int max) => [.. _entries.Take(max)];

    /// <summary>Whether anything would go.</summary>
    public bool Holds(long upTo) => _entries.TryPeek(out var first) && first.Sequence <= upTo;

    public void Ack(long upTo)
    {
        while (Holds(upTo))
        {
            _entries.Dequeue();
        }
    }

    public void Add(OutboxEntry entry)
    {
        _entries.Enqueue(entry);
        LastSequence = entry.Sequence;
    }

    public void Save(ByteBuffer buffer)
    {
        buffer.Int64(LastSequence);
        buffer.Varint((uint)_entries.Count);
        foreach (var entry in _entries)
        {
            buffer.Text(entry.Feed);
            buffer.Text(entry.Partition);
            Write(buffer, entry);
        }
    }

    public void Load(ref ByteCursor cursor)
    {
        var last = cursor.Int64();
        var count = cursor.Count();
        for (var i = 0; i < count; i++)
        {
            var feed = cursor.Text();
            Add(Read(ref cursor, feed, cursor.Text()));
        }

        LastSequence = last;
    }

    /// <summary>All of an entry but its source.</summary>
    public static void Write(ByteBuffer buffer, OutboxEntry entry)
    {
        buffer.Int64(entry.Sequence);
        buffer.Byte((byte)entry.Outcome.Verdict);
        buffer.Byte((byte)entry.Outcome.Reason);
        buffer.Text(entry.Outcome.Field ?? "");
        buffer.Int64(entry.Position);
        buffer.Int64(entry.ArrivalMs);
        buffer.Varint((uint)entry.Event.Names.Length);
        foreach (var name in entry.Event.Names)
        {
            buffer.Text(name);
        }

        buffer.Bytes(entry.Event.Payload.Span);
    }

    public static OutboxEntry Read(ref ByteCursor cursor, string feed, string partition)
    {
        var sequence = cursor.Int64();
        var verdict = (EventVerdict)cursor.Byte();
        var reason = (EventReason)cursor.Byte();
        var field = cursor.Text();
        var position = cursor.Int64();
        var arrival = cursor.Int64();
        var names = new string[cursor.Count()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = cursor.Text();
        }

        var outcome = new EventOutcome(verdict, reason, field.Length == 0 ? null : field);
        return new OutboxEntry(sequence, outcome, feed, partition, position, arrival, new EventBatch(names, cursor.Bytes().ToArray(), 1));
    }
}
