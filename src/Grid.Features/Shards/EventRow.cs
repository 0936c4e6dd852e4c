using Grid.Features.Definitions;
using Grid.Features.Plans;

namespace Grid.Features.Shards;

/// <summary>
/// An event in the log, behind its kind: varint source, 1 byte flags, 8 bytes position (a push: of its key's hash), 8 bytes time, varint event type and varint mask of its views in the plan,
/// for a keyed push 8 bytes receipt, 16 bytes hash and varint retention in ms, varint mask of the fields that are there, and their values.
/// </summary>
internal static class EventRow
{
    public const byte Keyed = 1;

    public const byte Positioned = 2;

    /// <summary>Writes the fields that any view needs.</summary>
    public static void WriteFields(ByteBuffer block, EventPlan plan, EventValues values, ReadOnlySpan<byte> payload)
    {
        var present = values.Present & plan.UsedFields;
        block.Varint(present);
        for (var rest = present; rest != 0; rest &= rest - 1)
        {
            var field = System.Numerics.BitOperations.TrailingZeroCount(rest);
            switch (plan.Fields[field].Kind)
            {
                case FieldKind.Number:
                    block.Double(values.Number(field));
                    break;
                case FieldKind.Bool:
                    block.Byte(values.Number(field) != 0 ? (byte)1 : (byte)0);
                    break;
                default:
                    block.Bytes(values.Text(field, payload));
                    break;
            }
        }
    }

    public static void ReadFields(ref ByteCursor cursor, EventPlan plan, EventValues values)
    {
        values.Clear();
        for (var rest = cursor.Varint(); rest != 0; rest &= rest - 1)
        {
            var field = System.Numerics.BitOperations.TrailingZeroCount(rest);
            if (field >= plan.Fields.Length)
            {
                throw cursor.Corrupt($"has field {field} of {plan.Fields.Length}");
            }

            switch (plan.Fields[field].Kind)
            {
                case FieldKind.Number:
                    values.SetNumber(field, cursor.Double());
                    break;
                case FieldKind.Bool:
                    values.SetNumber(field, cursor.Byte());
                    break;
                default:
                    var length = cursor.Bytes().Length;
                    values.SetText(field, cursor.At - length, length);
                    break;
            }
        }
    }
}
