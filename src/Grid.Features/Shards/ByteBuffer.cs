using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Grid.Features.Shards;

/// <summary>Bytes that grow in pooled arrays. Not thread-safe.</summary>
internal sealed class ByteBuffer : IDisposable
{
    private const int InitialBytes = 4096;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public Span<byte> At(int offset) => _bytes.AsSpan(offset, Length - offset);

    /// <summary>The bytes to write into; they count as written.</summary>
    public Span<byte> Take(int bytes)
    {
        if (_bytes.Length - Length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes, _bytes.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        var span = _bytes.AsSpan(Length, bytes);
        Length += bytes;
        return span;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Varint((uint)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Varint((uint)bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    public void Digest(Grid.Primitives.Digest digest) => Convert.FromHexString(digest.Hex, Take(32), out _, out _);

    public void Clear() => Length = 0;

    /// <summary>Forgets what was written from there on.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            Length = 0;
        }
    }
}
