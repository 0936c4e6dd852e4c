using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// The checksum of a stored row: XXH3-64 of its content, seeded with XXH3-64 of everything that says where the row belongs. A row that
/// was moved to another shard, epoch, sequence or page fails it as one with a changed byte does.
/// </summary>
internal static class RowChecksum
{
    /// <summary>The format of rows that this build writes, stored beside each and part of its checksum.</summary>
    public const byte Format = 1;

    // kind, format, epoch, sequence, page
    private const int FixedBytes = 1 + 1 + 8 + 8 + 4;

    public static long Block(ShardKey shard, long epoch, long sequence, ReadOnlySpan<byte> payload) =>
        Of(RowKind.Block, shard, epoch, sequence, 0, payload);

    public static long Page(ShardKey shard, long epoch, long sequence, int pageId, ReadOnlySpan<byte> content) =>
        Of(RowKind.Page, shard, epoch, sequence, pageId, content);

    public static long Manifest(ShardKey shard, long epoch, long sequence, ReadOnlySpan<byte> pageTable, ReadOnlySpan<byte> manifest)
    {
        var table = Of(RowKind.Manifest, shard, epoch, sequence, pageTable.Length, pageTable);
        return (long)XxHash3.HashToUInt64(manifest, table);
    }

    public static long CatalogueEntry(CatalogueKey key, long version, long revision, ReadOnlySpan<byte> body) =>
        Of(RowKind.CatalogueEntry, new ShardKey(key.Kind, key.Name, 0), version, revision, 0, body);

    public static long Document(DocumentKey key, long version, long? dueMs, ReadOnlySpan<byte> body) =>
        Of(RowKind.Document, new ShardKey(key.Kind, key.Name, dueMs is null ? 0 : 1), version, dueMs ?? 0, 0, body);

    public static long Frontier(FrontierRow row)
    {
        // The metadata last, seeded with all that is before it.
        var place = Of(RowKind.Frontier, new ShardKey(row.Key.Feed, row.Reader, row.Key.Partition), row.Epoch, row.Frontier, 0, []);
        Span<byte> numbers = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, place);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], row.Routing);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], row.RoutingStart);
        return (long)XxHash3.HashToUInt64(row.Metadata.Span, (long)XxHash3.HashToUInt64(numbers));
    }

    private static long Of(RowKind kind, ShardKey shard, long first, long second, int third, ReadOnlySpan<byte> content)
    {
        // Names are at most 128 ASCII characters; only a catalogue path can be longer.
        var max = FixedBytes + 4 + Encoding.UTF8.GetMaxByteCount(shard.Workspace.Length + shard.Tenant.Length) + 1;
        var header = max <= 1024 ? stackalloc byte[max] : new byte[max];
        header[0] = (byte)kind;
        header[1] = Format;
        BinaryPrimitives.WriteInt64LittleEndian(header[2..], first);
        BinaryPrimitives.WriteInt64LittleEndian(header[10..], second);
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], third);
        BinaryPrimitives.WriteInt32LittleEndian(header[FixedBytes..], shard.Shard);
        var length = FixedBytes + 4;
        length += Encoding.UTF8.GetBytes(shard.Workspace, header[length..]);
        header[length++] = 0;
        length += Encoding.UTF8.GetBytes(shard.Tenant, header[length..]);
        var seed = (long)XxHash3.HashToUInt64(header[..length]);
        return (long)XxHash3.HashToUInt64(content, seed);
    }
}
