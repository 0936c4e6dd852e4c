using System.Buffers.Binary;
using System.Text;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>Reads what <see cref="ByteBuffer"/> wrote. Bytes that end too soon throw <see cref="GridErrorCode.Corrupt"/> with the thing's name.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes, int at, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Offset of the next byte.</summary>
    public int At { get; private set; } = at;

    public readonly ReadOnlySpan<byte> All => _bytes;

    public readonly bool IsAtEnd => At == _bytes.Length;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Corrupt("has a number of over ten bytes");
    }

    /// <summary>A count of things of which each takes at least one byte.</summary>
    public int Count()
    {
        var count = Varint();
        return count <= (ulong)(_bytes.Length - At) ? (int)count : throw Corrupt($"counts {count} with {_bytes.Length - At} bytes left");
    }

    /// <summary>An index below the limit.</summary>
    public int Index(int limit)
    {
        var index = Varint();
        return index < (ulong)limit ? (int)index : throw Corrupt($"has index {index} of {limit}");
    }

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public Digest Digest() => new() { Hex = Convert.ToHexStringLower(Take(32)) };

    public ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - At < count)
        {
            throw Corrupt($"ends at byte {_bytes.Length}, where {count - (_bytes.Length - At)} more are due");
        }

        var span = _bytes.Slice(At, count);
        At += count;
        return span;
    }

    public readonly GridException Corrupt(string message) =>
        new GridError(GridErrorCode.Corrupt, what, $"{message} (byte {At}).", "Restore the shard from the snapshot and log before it.").ToException();
}
