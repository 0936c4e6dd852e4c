using System.Numerics;
using System.Runtime.CompilerServices;

namespace Grid.Streams.Kafka;

/// <summary>Avro's binary encoding with Confluent's framing, read by the writer's schema without objects in between.</summary>
internal sealed class AvroValueReader(AvroSchemas schemas) : IValueReader
{
    private const int MaxDepth = 64;

    /// <summary>Longer decimals than any double can hold.</summary>
    private const int MaxDecimalBytes = 256;

    public void Read(ReadOnlySpan<byte> value, PathNode root, FieldStage stage)
    {
        if (!ConfluentFraming.TryReadId(value, out var id))
        {
            throw RecordFormatException.Malformed("the value does not begin with a zero byte and a schema id.");
        }

        var cursor = new ByteCursor(value[ConfluentFraming.Bytes..]);

        // Elements may take no bytes at all (arrays of null): this bounds the work that a short value can ask for.
        var budget = 16L * value.Length + 65_536;
        Read(ref cursor, schemas.Get(id), stage, 0, ref budget);
        if (!cursor.IsAtEnd)
        {
            throw RecordFormatException.Malformed($"{cursor.Left} bytes are left after the value's last field.");
        }
    }

    private static void Read(ref ByteCursor cursor, AvroType type, FieldStage stage, int depth, ref long budget)
    {
        if (depth > MaxDepth || --budget < 0)
        {
            throw RecordFormatException.Malformed(depth > MaxDepth ? $"the value is nested deeper than {MaxDepth}." : "the value has more elements than its bytes allow.");
        }

        switch (type.Kind)
        {
            case AvroKind.Record:
                foreach (var part in type.Parts)
                {
                    Read(ref cursor, part, stage, depth + 1, ref budget);
                }

                break;
            case AvroKind.Union:
                var branch = cursor.ZigZag();
                if (branch < 0 || branch >= type.Parts.Length)
                {
                    throw RecordFormatException.Malformed($"a union has {type.Parts.Length} branches, and the value names branch {branch}.");
                }

                Read(ref cursor, type.Parts[branch], stage, depth + 1, ref budget);
                break;
            case AvroKind.Array or AvroKind.Map:
                Elements(ref cursor, type, stage, depth, ref budget);
                break;
            default:
                Scalar(ref cursor, type, type.Node is { IsWanted: true } node ? node : null, stage);
                break;
        }
    }

    private static void Elements(ref ByteCursor cursor, AvroType type, FieldStage stage, int depth, ref long budget)
    {
        for (var count = cursor.ZigZag(); count != 0; count = cursor.ZigZag())
        {
            if (count < 0)
            {
                cursor.Take(cursor.ZigZag()); // A block that tells its size can be passed over whole.
                continue;
            }

            for (; count > 0; count--)
            {
                if (type.Kind == AvroKind.Map)
                {
                    cursor.Take(cursor.ZigZag());
                }

                Read(ref cursor, type.Parts[0], stage, depth + 1, ref budget);
            }
        }
    }

    private static void Scalar(ref ByteCursor cursor, AvroType type, PathNode? node, FieldStage stage)
    {
        switch (type.Kind)
        {
            case AvroKind.Null:
                if (node is not null)
                {
                    stage.Null(node);
                }

                break;
            case AvroKind.Boolean:
                var b = cursor.Byte();
                if (b > 1)
                {
                    throw RecordFormatException.Malformed($"a boolean is {b}.");
                }

                if (node is not null)
                {
                    stage.Bool(node, b == 1);
                }

                break;
            case AvroKind.Integer:
                var integer = cursor.ZigZag();
                if (node is not null)
                {
                    stage.Integer(node, integer);
                }

                break;
            case AvroKind.Instant:
                var units = cursor.ZigZag();
                if (node is not null)
                {
                    stage.Instant(node, ToMs(units, type.Scale));
                }

                break;
            case AvroKind.Float:
                var single = Unsafe.BitCast<uint, float>(cursor.Fixed32());
                if (node is not null)
                {
                    stage.Number(node, single);
                }

                break;
            case AvroKind.Double:
                var number = Unsafe.BitCast<ulong, double>(cursor.Fixed64());
                if (node is not null)
                {
                    stage.Number(node, number);
                }

                break;
            case AvroKind.Text:
                var text = cursor.Take(cursor.ZigZag());
                if (node is not null)
                {
                    stage.Text(node, text);
                }

                break;
            case AvroKind.Enum:
                var symbol = cursor.ZigZag();
                if (symbol < 0 || symbol >= type.Symbols.Length)
                {
                    throw RecordFormatException.Malformed($"an enum has {type.Symbols.Length} symbols, and the value names symbol {symbol}.");
                }

                if (node is not null)
                {
                    stage.Text(node, type.Symbols[symbol]);
                }

                break;
            default:
                var bytes = cursor.Take(type.Size >= 0 ? type.Size : cursor.ZigZag());
                if (node is not null && type.Kind == AvroKind.Decimal)
                {
                    stage.Number(node, ToNumber(bytes, type.Scale, node));
                }

                break;
        }
    }

    /// <summary>Down to the millisecond that has begun; what leaves the range of 64 bits stops at its end and is no valid time.</summary>
    private static long ToMs(long units, long scale)
    {
        if (scale < 0)
        {
            return Math.BigMul(units, -scale, out var low) is var high && (high == 0 && low >= 0 || high == -1 && low < 0) ? low : long.MaxValue;
        }

        var ms = units / scale;
        return units % scale < 0 ? ms - 1 : ms;
    }

    private static double ToNumber(ReadOnlySpan<byte> bytes, long scale, PathNode node)
    {
        if (bytes.Length > MaxDecimalBytes)
        {
            throw RecordFormatException.Malformed($"the decimal at '{node.Path}' has {bytes.Length} bytes.");
        }

        return (double)new BigInteger(bytes, isBigEndian: true) / Math.Pow(10, scale);
    }
}
