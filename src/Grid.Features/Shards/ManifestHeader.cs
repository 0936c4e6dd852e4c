using System.Buffers.Binary;
using System.IO.Hashing;
using Grid.Features.Paging;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>
/// A manifest: 4 bytes magic, 4 format, 8 checksum (XxHash3 of all behind it), 8 sequence, 32 generation, 4 shard, 4 shards, 4 page size, 4 bytes offset of the page table; then views, sources, keys
/// and outbox; then the page table: 4 bytes count, and the checksum of each page by id, 0 for none.
/// </summary>
internal static class ManifestHeader
{
    private const int Magic = 0x314d4647;
    private const int Format = 1;
    private const int CoveredOffset = 16;
    private const int TableOffsetAt = 68;

    public static void Begin(ByteBuffer manifest, long sequence, Digest generation, int shard, int shards)
    {
        manifest.Int32(Magic);
        manifest.Int32(Format);
        manifest.Int64(0);
        manifest.Int64(sequence);
        manifest.Digest(generation);
        manifest.Int32(shard);
        manifest.Int32(shards);
        manifest.Int32(PageLayout.PageBytes);
        manifest.Int32(0);
    }

    public static void Finish(ByteBuffer manifest, ReadOnlySpan<long> checksums)
    {
        BinaryPrimitives.WriteInt32LittleEndian(manifest.At(TableOffsetAt), manifest.Length);
        manifest.Int32(checksums.Length);
        foreach (var checksum in checksums)
        {
            manifest.Int64(checksum);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(manifest.At(8), XxHash3.HashToUInt64(manifest.Written[CoveredOffset..]));
    }

    /// <summary>Never 0, which stands for no page.</summary>
    public static long ChecksumOf(ReadOnlySpan<byte> page) => XxHash3.HashToUInt64(page) is var hash and not 0 ? (long)hash : 1;

    /// <exception cref="GridException">The bytes are no manifest of this build; names what is wrong.</exception>
    public static ManifestInfo Check(ReadOnlySpan<byte> manifest, string what)
    {
        var cursor = new ByteCursor(manifest, 0, what);
        if (cursor.Int32() is var magic and not Magic)
        {
            throw cursor.Corrupt($"starts with {magic:x8} instead of {Magic:x8}");
        }

        if (cursor.Int32() is var format and not Format)
        {
            throw new GridError(GridErrorCode.Unsupported, what, $"has format {format}, and this build reads {Format}.", "Start the version of Grid that wrote it, or a newer one.").ToException();
        }

        var checksum = (ulong)cursor.Int64();
        var actual = XxHash3.HashToUInt64(manifest[CoveredOffset..]);
        if (actual != checksum)
        {
            throw cursor.Corrupt($"has checksum {actual:x16} where its header says {checksum:x16}");
        }

        var sequence = cursor.Int64();
        var generation = cursor.Digest();
        var shard = cursor.Int32();
        var shards = cursor.Int32();
        if (cursor.Int32() is var pageBytes and not PageLayout.PageBytes)
        {
            throw cursor.Corrupt($"has pages of {pageBytes} bytes where this build has {PageLayout.PageBytes}");
        }

        var table = cursor.Int32();
        return new ManifestInfo(sequence, generation, shard, shards, cursor.At, table);
    }
}
