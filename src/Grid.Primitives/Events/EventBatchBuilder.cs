using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grid.Primitives;

/// <summary>Encodes events into an <see cref="EventBatch"/>. Not thread-safe; reusable after <see cref="Build"/>.</summary>
/// <example>
/// <code>
/// builder.Begin("arrival").Time(t).Position(42).Field("dest", "LAX").Field("delay_min", 12).End();
/// </code>
/// </example>
public sealed class EventBatchBuilder
{
    private readonly ArrayBufferWriter<byte> _payload = new(1024);
    private readonly ArrayBufferWriter<byte> _fields = new(256);
    private readonly Dictionary<string, int> _nameIndex = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private string[]? _sharedNames;
    private int _count;
    private int _type = -1;
    private int _fieldCount;
    private EventFlags _flags;
    private long _time;
    private long _arrival;
    private long _position;
    private string? _key;

    /// <summary>Events ended so far.</summary>
    public int Count => _count;

    /// <summary>Encoded size so far, in bytes.</summary>
    public int Bytes => _payload.WrittenCount;

    public EventBatchBuilder Begin(string type)
    {
        if (_type >= 0)
        {
            throw new InvalidOperationException("The event before has not been ended.");
        }

        _type = IndexOf(type);
        _fieldCount = 0;
        _flags = EventFlags.None;
        _fields.ResetWrittenCount();
        return this;
    }

    /// <summary>Event time in Unix milliseconds (UTC).</summary>
    public EventBatchBuilder Time(long unixMs)
    {
        _time = unixMs;
        _flags |= EventFlags.HasTime;
        return this;
    }

    /// <summary>Arrival time in Unix milliseconds: the record's time stamp at its source.</summary>
    public EventBatchBuilder Arrival(long unixMs)
    {
        _arrival = unixMs;
        _flags |= EventFlags.HasArrival;
        return this;
    }

    /// <summary>Position in the source's partition, 0 or more, rising.</summary>
    public EventBatchBuilder Position(long position)
    {
        _position = position;
        _flags |= EventFlags.HasPosition;
        return this;
    }

    /// <summary>Idempotency key: the caller's id of the event.</summary>
    public EventBatchBuilder Key(string key)
    {
        _key = key;
        _flags |= EventFlags.HasKey;
        return this;
    }

    public EventBatchBuilder Field(string name, double value)
    {
        WriteVarint(_fields, (uint)IndexOf(name));
        var span = _fields.GetSpan(9);
        span[0] = (byte)EventValueKind.Number;
        BinaryPrimitives.WriteDoubleLittleEndian(span[1..], value);
        _fields.Advance(9);
        _fieldCount++;
        return this;
    }

    public EventBatchBuilder Field(string name, string value)
    {
        WriteVarint(_fields, (uint)IndexOf(name));
        WriteByte(_fields, (byte)EventValueKind.Text);
        WriteText(_fields, value);
        _fieldCount++;
        return this;
    }

    public EventBatchBuilder Field(string name, bool value)
    {
        WriteVarint(_fields, (uint)IndexOf(name));
        WriteByte(_fields, (byte)EventValueKind.Bool);
        WriteByte(_fields, value ? (byte)1 : (byte)0);
        _fieldCount++;
        return this;
    }

    public EventBatchBuilder FieldNull(string name)
    {
        WriteVarint(_fields, (uint)IndexOf(name));
        WriteByte(_fields, (byte)EventValueKind.Null);
        _fieldCount++;
        return this;
    }

    /// <summary>Copies an event of another batch; its names are mapped.</summary>
    public EventBatchBuilder Copy(EventBatch source, in EventBatchReader reader)
    {
        Begin(source.Names[reader.TypeIndex]);
        if (reader.HasTime)
        {
            Time(reader.TimeMs);
        }

        if (reader.HasArrival)
        {
            Arrival(reader.ArrivalMs);
        }

        if (reader.HasPosition)
        {
            Position(reader.Position);
        }

        if (reader.HasKey)
        {
            Key(Encoding.UTF8.GetString(reader.KeyUtf8));
        }

        var fields = reader.Fields;
        while (fields.MoveNext())
        {
            var name = source.Names[fields.NameIndex];
            _ = fields.Kind switch
            {
                EventValueKind.Number => Field(name, fields.Number),
                EventValueKind.Text => Field(name, Encoding.UTF8.GetString(fields.TextUtf8)),
                EventValueKind.Bool => Field(name, fields.Bool),
                _ => FieldNull(name),
            };
        }

        return End();
    }

    public EventBatchBuilder End()
    {
        if (_type < 0)
        {
            throw new InvalidOperationException("No event has been begun.");
        }

        var keyBytes = (_flags & EventFlags.HasKey) != 0 ? Encoding.UTF8.GetByteCount(_key!) : 0;
        var length = VarintSize((uint)_type) + 1
            + ((_flags & EventFlags.HasTime) != 0 ? 8 : 0)
            + ((_flags & EventFlags.HasArrival) != 0 ? 8 : 0)
            + ((_flags & EventFlags.HasPosition) != 0 ? 8 : 0)
            + ((_flags & EventFlags.HasKey) != 0 ? VarintSize((uint)keyBytes) + keyBytes : 0)
            + VarintSize((uint)_fieldCount) + _fields.WrittenCount;
        WriteVarint(_payload, (uint)length);
        WriteVarint(_payload, (uint)_type);
        WriteByte(_payload, (byte)_flags);
        if ((_flags & EventFlags.HasTime) != 0)
        {
            WriteInt64(_payload, _time);
        }

        if ((_flags & EventFlags.HasArrival) != 0)
        {
            WriteInt64(_payload, _arrival);
        }

        if ((_flags & EventFlags.HasPosition) != 0)
        {
            WriteInt64(_payload, _position);
        }

        if ((_flags & EventFlags.HasKey) != 0)
        {
            WriteText(_payload, _key!);
        }

        WriteVarint(_payload, (uint)_fieldCount);
        _payload.Write(_fields.WrittenSpan);
        _type = -1;
        _key = null;
        _count++;
        return this;
    }

    /// <summary>The batch; the builder starts an empty one that goes on with the same name table.</summary>
    public EventBatch Build()
    {
        if (_type >= 0)
        {
            throw new InvalidOperationException("The last event has not been ended.");
        }

        // The table only ever grows, so batches made between two new names share one array.
        if (_sharedNames is null || _sharedNames.Length != _names.Count)
        {
            _sharedNames = [.. _names];
        }

        var batch = new EventBatch(_sharedNames, _payload.WrittenSpan.ToArray(), _count);
        _payload.ResetWrittenCount();
        _count = 0;
        return batch;
    }

    private int IndexOf(string name)
    {
        if (!_nameIndex.TryGetValue(name, out var index))
        {
            index = _names.Count;
            _names.Add(name);
            _nameIndex.Add(name, index);
        }

        return index;
    }

    private static int VarintSize(uint value)
    {
        var size = 1;
        while ((value >>= 7) != 0)
        {
            size++;
        }

        return size;
    }

    private static void WriteVarint(ArrayBufferWriter<byte> writer, uint value)
    {
        var span = writer.GetSpan(5);
        var n = 0;
        while (value >= 0x80)
        {
            span[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[n++] = (byte)value;
        writer.Advance(n);
    }

    private static void WriteByte(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void WriteInt64(ArrayBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private static void WriteText(ArrayBufferWriter<byte> writer, string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteVarint(writer, (uint)bytes);
        Encoding.UTF8.GetBytes(value, writer.GetSpan(bytes));
        writer.Advance(bytes);
    }
}
