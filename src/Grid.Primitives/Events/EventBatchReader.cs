using System.Buffers.Binary;

namespace Grid.Primitives;

/// <summary>Walks the events of a batch without allocating. Bytes that break the format throw a <see cref="GridException"/> with <see cref="GridErrorCode.Corrupt"/>.</summary>
public ref struct EventBatchReader
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly int _nameCount;
    private int _offset;

    public EventBatchReader(EventBatch batch)
        : this(batch.Payload.Span, batch.Names.Length)
    {
        if (batch.Format != EventBatch.CurrentFormat)
        {
            throw new GridError(GridErrorCode.Unsupported, "event batch", $"has format {batch.Format}, and this build reads {EventBatch.CurrentFormat}.", "Upgrade the older side.").ToException();
        }
    }

    public EventBatchReader(ReadOnlySpan<byte> payload, int nameCount)
    {
        _payload = payload;
        _nameCount = nameCount;
    }

    /// <summary>Index of the event type in the name table.</summary>
    public int TypeIndex { get; private set; }

    public EventFlags Flags { get; private set; }

    public long TimeMs { get; private set; }

    public long ArrivalMs { get; private set; }

    public long Position { get; private set; }

    public ReadOnlySpan<byte> KeyUtf8 { get; private set; }

    public EventFieldReader Fields { get; private set; }

    public readonly bool HasTime => (Flags & EventFlags.HasTime) != 0;

    public readonly bool HasArrival => (Flags & EventFlags.HasArrival) != 0;

    public readonly bool HasPosition => (Flags & EventFlags.HasPosition) != 0;

    public readonly bool HasKey => (Flags & EventFlags.HasKey) != 0;

    /// <summary>Byte offset of the next event: a walk can stop here and go on with <see cref="Seek"/>.</summary>
    public readonly int Offset => _offset;

    public void Seek(int offset) => _offset = offset;

    public bool MoveNext()
    {
        if (_offset >= _payload.Length)
        {
            return false;
        }

        var length = ReadLength(_payload, ref _offset);
        var body = _payload.Slice(_offset, length);
        _offset += length;
        var at = 0;
        TypeIndex = ReadIndex(body, ref at, _nameCount);
        Flags = (EventFlags)ReadByte(body, ref at);
        TimeMs = HasTime ? ReadInt64(body, ref at) : 0;
        ArrivalMs = HasArrival ? ReadInt64(body, ref at) : 0;
        Position = HasPosition ? ReadInt64(body, ref at) : 0;
        if (HasKey)
        {
            var keyLength = ReadLength(body, ref at);
            KeyUtf8 = body.Slice(at, keyLength);
            at += keyLength;
        }
        else
        {
            KeyUtf8 = default;
        }

        var fields = (int)ReadVarint(body, ref at);
        Fields = new EventFieldReader(body[at..], fields, _nameCount);
        return true;
    }

    internal static int ReadIndex(ReadOnlySpan<byte> span, ref int at, int limit)
    {
        var index = ReadVarint(span, ref at);
        return index < (uint)limit ? (int)index : throw Corrupt($"name index {index} of {limit}");
    }

    internal static int ReadLength(ReadOnlySpan<byte> span, ref int at)
    {
        var length = ReadVarint(span, ref at);
        return length <= (uint)(span.Length - at) ? (int)length : throw Corrupt($"a length of {length} with {span.Length - at} bytes left");
    }

    internal static byte ReadByte(ReadOnlySpan<byte> span, ref int at) => at < span.Length ? span[at++] : throw Corrupt("a missing byte");

    internal static uint ReadVarint(ReadOnlySpan<byte> span, ref int at)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = ReadByte(span, ref at);
            value |= (uint)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Corrupt("a number of over five bytes");
    }

    internal static long ReadInt64(ReadOnlySpan<byte> span, ref int at)
    {
        if (span.Length - at < 8)
        {
            throw Corrupt("a cut number");
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(span[at..]);
        at += 8;
        return value;
    }

    internal static GridException Corrupt(string what) =>
        new GridError(GridErrorCode.Corrupt, "event batch", $"is malformed: {what}.", "Build batches with EventBatchBuilder.").ToException();
}
