using System.Buffers.Binary;

namespace Grid.Streams.Kafka;

/// <summary>Walks binary values; a step beyond the end is a fault of the record.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int Left => _bytes.Length - _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw Cut();

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Cut();
        }

        var taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    /// <summary>Base 128, least significant group first, at most ten bytes.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw RecordFormatException.Malformed("a number of the value has more than ten bytes.");
    }

    public long ZigZag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private static RecordFormatException Cut() => RecordFormatException.Malformed("the value ends before its last field does.");
}
