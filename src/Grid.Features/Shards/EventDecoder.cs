using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>Takes an event of a batch apart and checks it against the schema of all views that take its type, so that every shard judges it alike.</summary>
internal static class EventDecoder
{
    /// <summary>Walks the whole batch, so that malformed bytes are found before anything is applied.</summary>
    /// <exception cref="GridException">The bytes break the format, or a position that is needed is missing.</exception>
    public static void CheckFormat(EventBatch batch, bool needsPositions)
    {
        var reader = new EventBatchReader(batch);
        var count = 0;
        while (reader.MoveNext())
        {
            var fields = reader.Fields;
            while (fields.MoveNext())
            {
            }

            if (needsPositions && !reader.HasPosition)
            {
                throw GridError.Invalid($"event {count} of the delivery", "has no position.", "A delivery's events carry their positions in the partition.").ToException();
            }

            count++;
        }

        if (count != batch.Count)
        {
            throw new GridError(GridErrorCode.Corrupt, "event batch", $"holds {count} events and says {batch.Count}.", "Build batches with EventBatchBuilder.").ToException();
        }
    }

    /// <param name="payload">The bytes that the reader walks; texts are ranges of it.</param>
    /// <returns>Accepted, or Refused with the reason.</returns>
    public static EventOutcome Decode(in EventBatchReader reader, ReadOnlySpan<byte> payload, NameMap names, EventPlan plan, EventValues values)
    {
        if (!reader.HasTime)
        {
            return new EventOutcome(EventVerdict.Refused, EventReason.NoTime);
        }

        if (reader.TimeMs is < Stamp.MinTimeMs or > Stamp.MaxTimeMs)
        {
            return new EventOutcome(EventVerdict.Refused, EventReason.TimeOutOfRange);
        }

        values.Clear();
        var fields = reader.Fields;
        while (fields.MoveNext())
        {
            var id = names.Field(fields.NameIndex);
            if (id < 0 || plan.FieldOfName[id] is var field && field < 0)
            {
                continue;
            }

            var declared = plan.Fields[field];
            if (fields.Kind == EventValueKind.Null)
            {
                values.Remove(field);
                continue;
            }

            if ((byte)fields.Kind != (byte)declared.Kind)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.WrongKind, declared.Name);
            }

            switch (declared.Kind)
            {
                case FieldKind.Number when !double.IsFinite(fields.Number):
                    return new EventOutcome(EventVerdict.Refused, EventReason.NotFinite, declared.Name);
                case FieldKind.Number:
                    values.SetNumber(field, fields.Number);
                    break;
                case FieldKind.Bool:
                    values.SetNumber(field, fields.Bool ? 1 : 0);
                    break;
                default:
                    values.SetText(field, OffsetIn(payload, fields.TextUtf8), fields.TextUtf8.Length);
                    break;
            }
        }

        return CheckKeys(payload, plan, values);
    }

    private static EventOutcome CheckKeys(ReadOnlySpan<byte> payload, EventPlan plan, EventValues values)
    {
        for (var field = 0; field < plan.Fields.Length; field++)
        {
            if (!plan.Fields[field].IsRequired)
            {
                continue;
            }

            if (!values.Has(field) || values.Text(field, payload).IsEmpty)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.MissingKey, plan.Fields[field].Name);
            }

            if (values.Text(field, payload).Length > RecordLayout.MaxKeyBytes)
            {
                return new EventOutcome(EventVerdict.Refused, EventReason.KeyTooLong, plan.Fields[field].Name);
            }
        }

        return new EventOutcome(EventVerdict.Accepted);
    }

    private static int OffsetIn(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> part) =>
        part.IsEmpty ? 0 : (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(payload), ref MemoryMarshal.GetReference(part));
}
