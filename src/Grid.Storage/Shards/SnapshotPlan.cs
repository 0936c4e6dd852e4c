using Grid.Primitives;

namespace Grid.Storage;

/// <summary>A snapshot that is to be written: checked, and merged with the one it follows. Immutable.</summary>
internal sealed class SnapshotPlan
{
    private static readonly Comparer<PageRef> s_byPage = Comparer<PageRef>.Create(static (a, b) => a.PageId.CompareTo(b.PageId));

    private readonly List<PageRef> _pages;

    /// <param name="shard">The shard.</param>
    /// <param name="epoch">The epoch that writes it.</param>
    /// <param name="change">What is written; checked by <see cref="Check"/>.</param>
    /// <param name="owner">The shard's row, as read together with <paramref name="before"/>.</param>
    /// <param name="before">The pages of the snapshot in force.</param>
    /// <exception cref="GridException">InvalidArgument: a live page is nowhere.</exception>
    public SnapshotPlan(ShardKey shard, long epoch, SnapshotChange change, OwnerRow owner, PageRef[] before)
    {
        Shard = shard;
        Epoch = epoch;
        Change = change;
        Owner = owner;
        _pages = Merge(shard, epoch, change, before);
        PageTable = Storage.PageTable.Encode(_pages);
        Checksum = RowChecksum.Manifest(shard, epoch, change.Sequence, PageTable, change.Manifest.Span);
    }

    public ShardKey Shard { get; }

    public long Epoch { get; }

    public SnapshotChange Change { get; }

    public long Sequence => Change.Sequence;

    /// <summary>The row of the shard that the plan follows: the switch is for this row's snapshot alone.</summary>
    public OwnerRow Owner { get; }

    /// <summary>The encoded list of all pages.</summary>
    public byte[] PageTable { get; }

    /// <summary>The manifest's checksum.</summary>
    public long Checksum { get; }

    /// <summary>The checksum of a dirty page.</summary>
    public long ChecksumOf(SnapshotPage page) => _pages[_pages.BinarySearch(new PageRef(page.PageId, 0, 0, 0), s_byPage)].Checksum;

    /// <summary>How many dirty pages from a place on make one transaction of at most so many bytes; one at least.</summary>
    public int CountOfChunk(int start, int maxBytes)
    {
        var pages = Change.DirtyPages;
        long bytes = pages[start].Content.Length;
        var end = start + 1;
        while (end < pages.Count && bytes + pages[end].Content.Length <= maxBytes)
        {
            bytes += pages[end].Content.Length;
            end++;
        }

        return end - start;
    }

    /// <exception cref="GridException">InvalidArgument: the change contradicts itself.</exception>
    public static void Check(ShardKey shard, SnapshotChange change)
    {
        var target = $"shard '{shard}' snapshot {change.Sequence}";
        if (change.Sequence < 1)
        {
            throw GridError.Invalid(target, "has no sequence.", "Snapshots are taken as of a block, and blocks count from 1.").ToException();
        }

        var live = new HashSet<int>(change.LivePages.Count);
        foreach (var page in change.LivePages)
        {
            if (page < 0 || !live.Add(page))
            {
                throw GridError.Invalid(target, $"names live page {page} twice, or its number is negative.", "Name each live page once.").ToException();
            }
        }

        var dirty = new HashSet<int>(change.DirtyPages.Count);
        foreach (var page in change.DirtyPages)
        {
            if (!dirty.Add(page.PageId) || !live.Contains(page.PageId))
            {
                throw GridError.Invalid(target, $"writes page {page.PageId} twice, or it is not live.", "Write each page once, and name it among the live pages.").ToException();
            }
        }
    }

    /// <summary>All pages of the new snapshot: the dirty ones as they will be written, the others as the snapshot before has them.</summary>
    private static List<PageRef> Merge(ShardKey shard, long epoch, SnapshotChange change, PageRef[] before)
    {
        var known = before.ToDictionary(static page => page.PageId);
        foreach (var page in change.DirtyPages)
        {
            var checksum = RowChecksum.Page(shard, epoch, change.Sequence, page.PageId, page.Content.Span);
            known[page.PageId] = new PageRef(page.PageId, change.Sequence, epoch, checksum);
        }

        var pages = new List<PageRef>(change.LivePages.Count);
        foreach (var id in change.LivePages.Order())
        {
            pages.Add(known.TryGetValue(id, out var page)
                ? page
                : throw GridError.Invalid(
                    $"shard '{shard}' snapshot {change.Sequence}",
                    $"names live page {id}, which is neither dirty nor in the snapshot before.",
                    "Write every page that is new.").ToException());
        }

        return pages;
    }
}
