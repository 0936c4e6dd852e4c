using System.Buffers.Binary;

namespace Grid.Storage;

/// <summary>The list of all pages of a snapshot, ascending by number, as it is stored beside the manifest: 28 bytes a page, little-endian.</summary>
internal static class PageTable
{
    private const int EntryBytes = 4 + 8 + 8 + 8;

    /// <param name="pages">Ascending by number.</param>
    public static byte[] Encode(IReadOnlyList<PageRef> pages)
    {
        var bytes = new byte[pages.Count * EntryBytes];
        for (var i = 0; i < pages.Count; i++)
        {
            var entry = bytes.AsSpan(i * EntryBytes);
            BinaryPrimitives.WriteInt32LittleEndian(entry, pages[i].PageId);
            BinaryPrimitives.WriteInt64LittleEndian(entry[4..], pages[i].Sequence);
            BinaryPrimitives.WriteInt64LittleEndian(entry[12..], pages[i].Epoch);
            BinaryPrimitives.WriteInt64LittleEndian(entry[20..], pages[i].Checksum);
        }

        return bytes;
    }

    /// <param name="bytes">A table whose checksum was verified.</param>
    public static PageRef[] Decode(ReadOnlySpan<byte> bytes)
    {
        var pages = new PageRef[bytes.Length / EntryBytes];
        for (var i = 0; i < pages.Length; i++)
        {
            var entry = bytes[(i * EntryBytes)..];
            pages[i] = new PageRef(
                BinaryPrimitives.ReadInt32LittleEndian(entry),
                BinaryPrimitives.ReadInt64LittleEndian(entry[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[12..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[20..]));
        }

        return pages;
    }
}
