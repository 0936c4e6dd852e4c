using System.Buffers.Binary;
using System.IO.Hashing;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>
/// A block: 4 bytes magic, 4 format, 8 sequence, 8 checksum, 4 rows, 4 bytes after the header, 32 generation under which it begins; then the rows.
/// The checksum is XxHash3 of all behind it, seeded with the sequence, so that a block in another's place is found.
/// </summary>
internal static class BlockHeader
{
    public const int Bytes = 64;

    private const int Magic = 0x31424647;
    private const int Format = 1;
    private const int ChecksumOffset = 16;
    private const int CoveredOffset = 24;

    public static void Begin(ByteBuffer block, Digest generation)
    {
        block.Clear();
        block.Take(32).Clear();
        block.Digest(generation);
    }

    public static void Finish(ByteBuffer block, long sequence, int rows)
    {
        var bytes = block.At(0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Format);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], bytes.Length - Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[ChecksumOffset..], XxHash3.HashToUInt64(bytes[CoveredOffset..], sequence));
    }

    /// <summary>Checks all but the rows.</summary>
    /// <exception cref="GridException">The bytes are no block, or not this one; names what is wrong.</exception>
    public static (Digest Generation, int Rows) Check(ReadOnlySpan<byte> block, long expectedSequence, string what)
    {
        var cursor = new ByteCursor(block, 0, what);
        if (block.Length < Bytes)
        {
            throw cursor.Corrupt($"has {block.Length} bytes; a block has at least {Bytes}");
        }

        var magic = cursor.Int32();
        var format = cursor.Int32();
        var sequence = cursor.Int64();
        var checksum = (ulong)cursor.Int64();
        var rows = cursor.Int32();
        var length = cursor.Int32();
        if (magic != Magic)
        {
            throw cursor.Corrupt($"starts with {magic:x8} instead of {Magic:x8}");
        }

        if (format != Format)
        {
            throw new GridError(GridErrorCode.Unsupported, what, $"has format {format}, and this build reads {Format}.", "Start the version of Grid that wrote it, or a newer one.").ToException();
        }

        if (length != block.Length - Bytes)
        {
            throw cursor.Corrupt($"has {block.Length - Bytes} bytes of rows where its header says {length}");
        }

        var actual = XxHash3.HashToUInt64(block[CoveredOffset..], sequence);
        if (actual != checksum)
        {
            throw cursor.Corrupt($"has checksum {actual:x16} where its header says {checksum:x16}");
        }

        if (sequence != expectedSequence)
        {
            throw cursor.Corrupt($"has sequence {sequence} where {expectedSequence} is due");
        }

        return (cursor.Digest(), rows);
    }
}
