using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <content>Events: how they come in, what is decided on them, and how they are applied.</content>
public sealed partial class ShardState
{
    // A view that takes an event may need a page each for its record, a chunk, a split chunk and tiles, and copies of two that a snapshot holds; keys need less than a view.
    private const int PagesPerView = 6;

    /// <summary>Whether a delivery of a source may begin.</summary>
    /// <param name="feed">The reading: not <c>push</c>.</param>
    /// <param name="partition">The partition within it.</param>
    /// <param name="previous">Position of the event before the delivery's first for this shard; -1 from the start.</param>
    /// <param name="previousIsFrontier">Everything at or below <paramref name="previous"/> is known to be durable here: the mark rises to it.</param>
    /// <exception cref="GridException">The names are not valid.</exception>
    public DeliveryCheck BeginDelivery(string feed, string partition, long previous, bool previousIsFrontier)
    {
        ThrowIfUnusable();
        if (_sources.Find(feed, partition) is null)
        {
            SourceTable.CheckNames(feed, partition);
        }

        var index = _sources.Add(feed, partition);
        var source = _sources[index];
        if (_outbox.IsFull)
        {
            return new DeliveryCheck(DeliveryRefusal.OutboxFull, source.Mark, index);
        }

        if (previous > source.Mark)
        {
            if (!previousIsFrontier)
            {
                return new DeliveryCheck(DeliveryRefusal.Gap, source.Mark, index);
            }

            source.Mark = previous;
        }

        return new DeliveryCheck(DeliveryRefusal.None, source.Mark, index);
    }

    /// <summary>Applies the next events of a delivery. Those at or below the mark are skipped. An event's arrival is its own, or its event time where it has none.</summary>
    /// <param name="batch">Events of one partition with rising positions.</param>
    /// <param name="cursor">Where the step before ended.</param>
    /// <param name="maxEvents">The most to deal with now, at least 1.</param>
    /// <returns>Events dealt with in this step; the delivery is done when <see cref="DeliveryCursor.Handled"/> is the batch's count, and cut short where <see cref="DeliveryCursor.Stopped"/> says so.</returns>
    /// <exception cref="GridException">The batch is malformed or an event has no position: nothing of it is applied.</exception>
    public int ApplyDelivery(EventBatch batch, ref DeliveryCursor cursor, int maxEvents)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvents, 1);
        if (cursor.Handled == 0)
        {
            EventDecoder.CheckFormat(batch, needsPositions: true);
        }

        _names.Bind(batch, Plan);
        var index = cursor.Source;
        var source = _sources[index];
        var reader = new EventBatchReader(batch);
        reader.Seek(cursor.Offset);
        var handled = 0;
        while (handled < maxEvents && reader.MoveNext())
        {
            if (reader.Position > source.Mark || _options.IgnoreMarksForTest)
            {
                cursor.Stopped = Deliver(batch, reader, index, source);
                if (cursor.Stopped != DeliveryRefusal.None)
                {
                    break;
                }
            }
            else
            {
                cursor.Skipped++;
            }

            handled++;
            cursor.Handled++;
            cursor.Offset = reader.Offset;
        }

        return handled;
    }

    /// <summary>Applies the next events of a push.</summary>
    /// <param name="batch">Events; those with a key are applied once.</param>
    /// <param name="receivedMs">When the push was received, Unix milliseconds: the arrival of its events.</param>
    /// <param name="cursor">Where the step before ended.</param>
    /// <param name="maxEvents">The most to deal with now, at least 1.</param>
    /// <param name="outcomes">One for each event of the batch; those dealt with are written.</param>
    /// <returns>Events dealt with in this step; the push is done when <see cref="PushCursor.Handled"/> is the batch's count.</returns>
    /// <exception cref="GridException">The batch is malformed: nothing of it is applied.</exception>
    public int ApplyPush(EventBatch batch, long receivedMs, ref PushCursor cursor, int maxEvents, Span<EventOutcome> outcomes)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcomes.Length, batch.Count);
        if (cursor.Handled == 0)
        {
            EventDecoder.CheckFormat(batch, needsPositions: false);
        }

        _names.Bind(batch, Plan);
        var arrival = Math.Clamp(receivedMs, Stamp.MinTimeMs, Stamp.MaxTimeMs);
        var reader = new EventBatchReader(batch);
        reader.Seek(cursor.Offset);
        var handled = 0;
        while (handled < maxEvents && reader.MoveNext())
        {
            outcomes[cursor.Handled] = Push(batch, reader, arrival);
            handled++;
            cursor.Handled++;
            cursor.Offset = reader.Offset;
        }

        return handled;
    }

    private bool HasRoomForEvent => _pool.HasRoom(PagesPerView * (Plan.Views.Count + 1));

    private DeliveryRefusal Deliver(EventBatch batch, in EventBatchReader reader, int index, SourceState source)
    {
        if (!HasRoomForEvent)
        {
            return DeliveryRefusal.MemoryFull;
        }

        var type = _names.Event(reader.TypeIndex);
        if (type >= 0)
        {
            var plan = Plan.Events[type];
            var payload = batch.Payload.Span;
            var arrival = Math.Clamp(reader.HasArrival ? reader.ArrivalMs : reader.TimeMs, Stamp.MinTimeMs, Stamp.MaxTimeMs);
            var outcome = Decide(reader, payload, plan, arrival, source, out var taken);
            if (outcome.Verdict == EventVerdict.Accepted)
            {
                var start = WriteEvent(reader, payload, plan, index, taken, EventRow.Positioned, reader.Position, arrival, default);
                ApplyPending(start);
            }
            else if (outcome.Verdict != EventVerdict.Unrouted)
            {
                if (_outbox.IsFull)
                {
                    return DeliveryRefusal.OutboxFull;
                }

                SetAside(batch, reader, outcome, index, reader.Position, arrival);
            }
        }

        source.Mark = Math.Max(source.Mark, reader.Position);
        return DeliveryRefusal.None;
    }

    private EventOutcome Push(EventBatch batch, in EventBatchReader reader, long arrival)
    {
        var type = _names.Event(reader.TypeIndex);
        if (type < 0)
        {
            return new EventOutcome(EventVerdict.Unrouted);
        }

        // A key first: a repeated event is a duplicate even where it would be late by now.
        var key = reader.HasKey ? KeyWindow.HashOf(reader.KeyUtf8) : default;
        if (reader.HasKey && _keys.Contains(key))
        {
            return new EventOutcome(EventVerdict.Duplicate);
        }

        var plan = Plan.Events[type];
        var payload = batch.Payload.Span;
        var outcome = Decide(reader, payload, plan, arrival, _sources[SourceTable.PushIndex], out var taken);
        if (outcome.Verdict == EventVerdict.Accepted)
        {
            if (!HasRoomForEvent)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.MemoryFull);
            }

            if (reader.HasKey && _keys.Count >= _options.KeyCapacity)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.KeysFull);
            }

            // Ties of event time between pushes are decided by the key, which is the same in any order of arrival.
            var start = WriteEvent(reader, payload, plan, SourceTable.PushIndex, taken, reader.HasKey ? EventRow.Keyed : (byte)0, (long)(key >> 64), arrival, key);
            ApplyPending(start);
        }
        else if (outcome.Verdict is EventVerdict.Late or EventVerdict.Quarantined)
        {
            if (_outbox.IsFull)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.OutboxFull);
            }

            SetAside(batch, reader, outcome, SourceTable.PushIndex, -1, arrival);
        }

        return outcome;
    }

    private EventOutcome Decide(in EventBatchReader reader, ReadOnlySpan<byte> payload, EventPlan plan, long arrivalMs, SourceState source, out ulong taken)
    {
        taken = 0;
        var outcome = EventDecoder.Decode(reader, payload, _names, plan, _decoded);
        if (outcome.Verdict != EventVerdict.Accepted)
        {
            return outcome;
        }

        var skewMs = (long)_options.AllowedClockSkew.TotalMilliseconds;
        var isOurs = false;
        var isAhead = false;
        for (var i = 0; i < plan.Consumers.Length; i++)
        {
            var consumer = plan.Consumers[i];
            if (consumer.PartitionField >= 0 && ShardHash.ShardOf(_decoded.Text(consumer.PartitionField, payload), Shards) != Shard)
            {
                continue;
            }

            isOurs = true;
            var reference = source.Watermark;
            if (consumer.View.ChecksArrival)
            {
                if (reader.TimeMs > arrivalMs + skewMs)
                {
                    isAhead = true;
                    continue;
                }

                reference = Math.Max(arrivalMs, source.ClockedWatermark);
            }

            if (reference == RecordLayout.NoTime || reader.TimeMs >= reference - consumer.View.LatenessMs)
            {
                taken |= 1UL << i;
            }
        }

        return taken != 0 ? outcome
            : !isOurs ? new EventOutcome(EventVerdict.Unrouted)
            : isAhead ? new EventOutcome(EventVerdict.Quarantined, EventReason.FromTheFuture)
            : new EventOutcome(EventVerdict.Late, EventReason.TooLate);
    }

    /// <returns>Where the row begins, behind its kind.</returns>
    private int WriteEvent(in EventBatchReader reader, ReadOnlySpan<byte> payload, EventPlan plan, int source, ulong taken, byte flags, long position, long arrivalMs, UInt128 key)
    {
        var index = BlockIndexOf(source);
        BeginRow(BlockRowKind.Event);
        var start = _block.Length;
        _block.Varint((uint)index);
        _block.Byte(flags);
        _block.Int64(position);
        _block.Int64(reader.TimeMs);
        _block.Varint((uint)plan.Ordinal);
        _block.Varint(taken);
        if ((flags & EventRow.Keyed) != 0)
        {
            _block.Int64(arrivalMs);
            _block.Int64((long)(key >> 64));
            _block.Int64((long)key);
            _block.Varint((ulong)_options.KeyRetention.TotalMilliseconds);
        }

        EventRow.WriteFields(_block, plan, _decoded, payload);
        return start;
    }

    /// <summary>Applies the row that has just been written, from its bytes.</summary>
    private void ApplyPending(int start)
    {
        var cursor = new ByteCursor(_block.Written, start, "pending block");
        try
        {
            ApplyEvent(ref cursor);
        }
        catch (Exception e)
        {
            _broken = $"an event was applied in part ({e.Message})";
            throw;
        }
    }

    private void ApplyEvent(ref ByteCursor cursor)
    {
        var source = BlockSource(ref cursor);
        var flags = cursor.Byte();
        var position = cursor.Int64();
        var timeMs = cursor.Int64();
        var plan = Plan.Events[cursor.Index(Plan.Events.Length)];
        var taken = cursor.Varint();
        if ((flags & EventRow.Keyed) != 0)
        {
            var receivedMs = cursor.Int64();
            var key = new UInt128((ulong)cursor.Int64(), (ulong)cursor.Int64());
            _keys.Add(key, receivedMs, (long)cursor.Varint());
        }

        EventRow.ReadFields(ref cursor, plan, _applied);
        _records.Apply(plan, taken, timeMs, source.Order, position, _applied, cursor.All);
        source.Watermark = Math.Max(source.Watermark, timeMs);
        if ((taken & plan.ClockedConsumers) != 0)
        {
            source.ClockedWatermark = Math.Max(source.ClockedWatermark, timeMs);
        }

        if ((flags & EventRow.Positioned) != 0)
        {
            source.Mark = Math.Max(source.Mark, position);
            source.LoggedMark = Math.Max(source.LoggedMark, position);
        }
    }

    private void SetAside(EventBatch batch, in EventBatchReader reader, EventOutcome outcome, int source, long position, long arrivalMs)
    {
        var state = _sources[source];
        var entry = new OutboxEntry(_outbox.LastSequence + 1, outcome, state.Feed, state.Partition, position, arrivalMs, new EventBatchBuilder().Copy(batch, reader).Build());
        var index = BlockIndexOf(source);
        BeginRow(BlockRowKind.SetAside);
        _block.Varint((uint)index);
        Outbox.Write(_block, entry);
        _outbox.Add(entry);
    }
}
