using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Protobuf's binary encoding, read by a message of a descriptor set. Repeated fields and maps are no scalars and are passed over. Not thread-safe.</summary>
internal sealed class ProtobufValueReader : IValueReader
{
    private const int MaxDepth = 64;

    private readonly MessageDescriptor _message;
    private readonly int[] _indexes;
    private readonly bool _isFramed;
    private ProtobufPlan? _plan;

    private ProtobufValueReader(MessageDescriptor message, bool isFramed)
    {
        _message = message;
        _isFramed = isFramed;
        var indexes = new List<int>();
        for (var m = message; m is not null; m = m.ContainingType)
        {
            indexes.Insert(0, m.Index);
        }

        _indexes = [.. indexes];
    }

    /// <exception cref="GridException">The descriptor set cannot be read, or has no such message.</exception>
    public static ProtobufValueReader Create(RecordMapping mapping, string path)
    {
        IReadOnlyList<FileDescriptor> files;
        try
        {
            var set = FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(mapping.DescriptorSet!));
            files = FileDescriptor.BuildFromByteStrings(set.File.Select(f => f.ToByteString()));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException or UnauthorizedAccessException or ArgumentException or DescriptorValidationException)
        {
            throw new GridException(GridError.Invalid($"{path}.descriptorSet", $"'{mapping.DescriptorSet}' cannot be used: {e.Message}", "Make it with protoc --include_imports --descriptor_set_out."), e);
        }

        var message = files.SelectMany(f => f.MessageTypes).SelectMany(WithNested).FirstOrDefault(m => m.FullName == mapping.MessageType)
            ?? throw GridError.NotFound($"{path}.messageType", $"'{mapping.MessageType}' is not in '{mapping.DescriptorSet}'.", "Give the full name of a message in the set, package included.").ToException();
        return new ProtobufValueReader(message, mapping.HasConfluentFraming);
    }

    public void Read(ReadOnlySpan<byte> value, PathNode root, FieldStage stage)
    {
        _plan ??= new ProtobufPlan(_message, root);
        var cursor = new ByteCursor(value);
        if (_isFramed)
        {
            Unframe(ref cursor);
        }

        Message(ref cursor, _plan, stage, 0);
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => message.NestedTypes.SelectMany(WithNested).Prepend(message);

    /// <summary>Zero byte, schema id, then the path of the message in its file: a count and that many indexes, or a single zero for the first message.</summary>
    private void Unframe(ref ByteCursor cursor)
    {
        if (cursor.Byte() != ConfluentFraming.Magic)
        {
            throw RecordFormatException.Malformed("the value does not begin with a zero byte and a schema id.");
        }

        cursor.Take(ConfluentFraming.Bytes - 1);
        var count = cursor.ZigZag();
        var isSame = count == 0 ? _indexes is [0] : count == _indexes.Length;
        for (var i = 0; i < count && isSame; i++)
        {
            isSame = cursor.ZigZag() == _indexes[i];
        }

        if (!isSame)
        {
            throw new RecordFormatException(RecordFaultReason.SchemaMismatch, $"the value is another message of its schema than {_message.FullName}.");
        }
    }

    private static void Message(ref ByteCursor cursor, ProtobufPlan plan, FieldStage stage, int depth)
    {
        if (depth > MaxDepth)
        {
            throw RecordFormatException.Malformed($"the value is nested deeper than {MaxDepth}.");
        }

        // Fields that do not tell missing from zero are zero unless the value says otherwise.
        foreach (var (node, type) in plan.Defaults)
        {
            if (!stage.Has(node))
            {
                Default(node, type, stage);
            }
        }

        while (!cursor.IsAtEnd)
        {
            var tag = cursor.Varint();
            if (tag > uint.MaxValue || tag < 8)
            {
                throw RecordFormatException.Malformed($"a field has the tag {tag}.");
            }

            var wire = (int)(tag & 7);
            if (plan.Find((int)(tag >> 3)) is not { } field || (field.Type != FieldType.Message && !field.Node.IsWanted))
            {
                Skip(ref cursor, wire, depth);
            }
            else if (wire != field.Wire)
            {
                throw RecordFormatException.Malformed($"field '{field.Node.Path}' has the wire type {wire}, and its schema says {field.Wire}.");
            }
            else if (field.Type == FieldType.Message)
            {
                var nested = new ByteCursor(cursor.Take(Length(ref cursor)));
                if (field.IsTimestamp)
                {
                    stage.Instant(field.Node, Timestamp(ref nested));
                }
                else
                {
                    Message(ref nested, field.Plan, stage, depth + 1);
                }
            }
            else
            {
                Scalar(ref cursor, field, stage);
            }
        }
    }

    private static void Scalar(ref ByteCursor cursor, ProtobufField field, FieldStage stage)
    {
        var node = field.Node;
        switch (field.Type)
        {
            case FieldType.Double:
                stage.Number(node, Unsafe.BitCast<ulong, double>(cursor.Fixed64()));
                break;
            case FieldType.Float:
                stage.Number(node, Unsafe.BitCast<uint, float>(cursor.Fixed32()));
                break;
            case FieldType.Int64:
                stage.Integer(node, (long)cursor.Varint());
                break;
            case FieldType.Int32:
                stage.Integer(node, (int)cursor.Varint());
                break;
            case FieldType.UInt64:
                stage.Unsigned(node, cursor.Varint());
                break;
            case FieldType.UInt32:
                stage.Integer(node, (uint)cursor.Varint());
                break;
            case FieldType.SInt64:
                stage.Integer(node, cursor.ZigZag());
                break;
            case FieldType.SInt32:
                stage.Integer(node, (int)cursor.ZigZag());
                break;
            case FieldType.Fixed64:
                stage.Unsigned(node, cursor.Fixed64());
                break;
            case FieldType.SFixed64:
                stage.Integer(node, (long)cursor.Fixed64());
                break;
            case FieldType.Fixed32:
                stage.Integer(node, cursor.Fixed32());
                break;
            case FieldType.SFixed32:
                stage.Integer(node, (int)cursor.Fixed32());
                break;
            case FieldType.Bool:
                stage.Bool(node, cursor.Varint() != 0);
                break;
            case FieldType.Enum:
                var number = (int)cursor.Varint();
                if (field.Symbols.TryGetValue(number, out var symbol))
                {
                    stage.Text(node, symbol);
                }
                else
                {
                    stage.Integer(node, number); // A value that a newer schema has added.
                }

                break;
            default:
                stage.Text(node, cursor.Take(Length(ref cursor)));
                break;
        }
    }

    private static void Default(PathNode node, ProtobufField field, FieldStage stage)
    {
        switch (field.Type)
        {
            case FieldType.Bool:
                stage.Bool(node, false);
                break;
            case FieldType.String:
                stage.Text(node, default);
                break;
            case FieldType.Enum when field.Symbols.TryGetValue(0, out var symbol):
                stage.Text(node, symbol);
                break;
            default:
                stage.Integer(node, 0);
                break;
        }
    }

    /// <summary>A google.protobuf.Timestamp: seconds (1) and nanoseconds (2).</summary>
    private static long Timestamp(ref ByteCursor cursor)
    {
        long seconds = 0;
        long nanos = 0;
        while (!cursor.IsAtEnd)
        {
            switch (cursor.Varint())
            {
                case 1 << 3:
                    seconds = (long)cursor.Varint();
                    break;
                case 2 << 3:
                    nanos = (int)cursor.Varint();
                    break;
                case var tag:
                    Skip(ref cursor, (int)(tag & 7), 0);
                    break;
            }
        }

        return Math.Abs(seconds) > 1L << 50 || nanos is < 0 or > 999_999_999 ? throw RecordFormatException.Malformed("a time stamp is out of range.") : (seconds * 1000) + (nanos / 1_000_000);
    }

    private static long Length(ref ByteCursor cursor) => cursor.Varint() is var length && length <= int.MaxValue ? (long)length : throw RecordFormatException.Malformed($"a field has {length} bytes.");

    private static void Skip(ref ByteCursor cursor, int wire, int depth)
    {
        switch (wire)
        {
            case 0:
                cursor.Varint();
                break;
            case 1:
                cursor.Take(8);
                break;
            case 2:
                cursor.Take(Length(ref cursor));
                break;
            case 3 when depth <= MaxDepth:
                // A group ends with its own end tag (wire type 4); those inside it are passed over with it.
                for (var tag = cursor.Varint(); (tag & 7) != 4; tag = cursor.Varint())
                {
                    Skip(ref cursor, (int)(tag & 7), depth + 1);
                }

                break;
            case 5:
                cursor.Take(4);
                break;
            default:
                throw RecordFormatException.Malformed($"a field has the wire type {wire}.");
        }
    }
}
