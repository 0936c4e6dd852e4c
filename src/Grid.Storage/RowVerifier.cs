using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Verifies stored rows; nothing that a store returns is unverified. Immutable.</summary>
/// <param name="place">What an operator restores from a backup: <c>state folder</c>, <c>database</c>.</param>
internal sealed class RowVerifier(string place)
{
    public void CheckFormat(string target, long format)
    {
        if (format != RowChecksum.Format)
        {
            throw Corrupt(target, $"Expected format {RowChecksum.Format}, found format {format}.");
        }
    }

    public void CheckSum(string target, long stored, long computed)
    {
        if (stored != computed)
        {
            throw Corrupt(target, $"Expected checksum {stored:x16}, found {computed:x16}.");
        }
    }

    /// <summary>The pages that a manifest's row names.</summary>
    public PageRef[] Manifest(ShardKey shard, long epoch, long sequence, long format, long checksum, ReadOnlySpan<byte> table, ReadOnlySpan<byte> manifest)
    {
        var target = $"shard '{shard}' manifest {sequence}";
        CheckFormat(target, format);
        CheckSum(target, checksum, RowChecksum.Manifest(shard, epoch, sequence, table, manifest));
        return PageTable.Decode(table);
    }

    public void Page(ShardKey shard, PageRef expected, long format, long checksum, ReadOnlySpan<byte> content)
    {
        var target = PageTarget(shard, expected);
        CheckFormat(target, format);
        if (checksum != expected.Checksum)
        {
            throw Corrupt(target, $"Expected checksum {expected.Checksum:x16} by the manifest, found {checksum:x16}.");
        }

        CheckSum(target, checksum, RowChecksum.Page(shard, expected.Epoch, expected.Sequence, expected.PageId, content));
    }

    public GridException MissingPage(ShardKey shard, PageRef expected) =>
        Corrupt(PageTarget(shard, expected), $"Expected the page under epoch {expected.Epoch}, found none.");

    public GridException MissingManifest(ShardKey shard, long sequence) =>
        Corrupt($"shard '{shard}' manifest {sequence}", "Expected the manifest of the snapshot, found none.");

    /// <summary>Reads a shard's log after its snapshot, row by row.</summary>
    public LogVerifier Log(ShardKey shard, OwnerRow owner) => new(this, shard, owner);

    /// <summary>A catalogue entry, if its row says what its checksum says.</summary>
    public CatalogueEntry Entry(CatalogueEntry entry, long format, long checksum)
    {
        CheckFormat($"catalogue entry '{entry.Key}'", format);
        CheckSum($"catalogue entry '{entry.Key}'", checksum, ChecksumOf(entry));
        return entry;
    }

    /// <summary>A document, if its row says what its checksum says.</summary>
    public StoredDocument Document(StoredDocument document, long format, long checksum)
    {
        CheckFormat($"document '{document.Key}'", format);
        CheckSum($"document '{document.Key}'", checksum, DocumentChecks.ChecksumOf(document));
        return document;
    }

    public static long ChecksumOf(CatalogueEntry entry) =>
        RowChecksum.CatalogueEntry(entry.Key, entry.Version, entry.Revision, entry.Body is { } body ? body.Span : default);

    public GridException Corrupt(string target, string message) =>
        new GridError(GridErrorCode.Corrupt, target, message, $"Restore the {place} from a backup, or delete the shard to build it anew from its sources.").ToException();

    private static string PageTarget(ShardKey shard, PageRef page) => $"shard '{shard}' page {page.PageId} of snapshot {page.Sequence}";
}
