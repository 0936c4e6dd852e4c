using System.Buffers.Binary;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <content>Snapshots.</content>
public sealed partial class ShardState
{
    private ShardSnapshot? _snapshot;

    /// <summary>Takes a snapshot as of the last sealed block. Copies no page; until it is completed or failed, a page of it is copied before it changes.</summary>
    /// <exception cref="InvalidOperationException">There are pending changes, or another snapshot is under way.</exception>
    public ShardSnapshot CaptureSnapshot()
    {
        ThrowIfUnusable();
        if (HasPending)
        {
            throw new InvalidOperationException("A snapshot shows the end of a block; seal the pending changes first.");
        }

        if (_snapshot is not null)
        {
            throw new InvalidOperationException("A snapshot is under way; complete it or say that it failed.");
        }

        var manifest = new ByteBuffer();
        ManifestHeader.Begin(manifest, Sequence, Plan.Generation, Shard, Shards);
        _records.Save(manifest);
        _sources.Save(manifest);
        _keys.Save(manifest);
        _outbox.Save(manifest);
        var checksums = _pages.CopyChecksums();
        _snapshot = new ShardSnapshot(Sequence, manifest, _pages.Freeze(), checksums);
        return _snapshot;
    }

    /// <summary>The snapshot is stored: the next one carries what changes from its block on.</summary>
    public void SnapshotCompleted(ShardSnapshot snapshot)
    {
        _ = snapshot.Manifest;
        EndSnapshot(snapshot, stored: true);
    }

    /// <summary>The snapshot is not stored: its pages count as changed again.</summary>
    public void SnapshotFailed(ShardSnapshot snapshot) => EndSnapshot(snapshot, stored: false);

    /// <summary>What a manifest is of, to find its plan before <see cref="Restore"/>.</summary>
    /// <exception cref="GridException">Corrupt or of another format; names what is wrong.</exception>
    public static ManifestInfo ReadManifest(ReadOnlySpan<byte> manifest) => ManifestHeader.Check(manifest, "manifest");

    /// <summary>Puts a state together from its last stored snapshot. Blocks after <see cref="ManifestInfo.Sequence"/> are then to be replayed.</summary>
    /// <param name="plan">The plan of the manifest's generation.</param>
    /// <param name="pages">Gives the stored page of an id; called once for each page that the manifest names, by rising id.</param>
    /// <exception cref="GridException">Corrupt, of another format, of another shard or generation; names what is wrong, down to the page.</exception>
    public static ShardState Restore(FeaturePlan plan, int shard, int shards, PagePool pool, ShardStateOptions? options, ReadOnlySpan<byte> manifest, Func<int, ReadOnlyMemory<byte>> pages)
    {
        var what = $"manifest of shard {shard} of {shards}";
        var info = ManifestHeader.Check(manifest, what);
        if (info.Shard != shard || info.Shards != shards)
        {
            throw new GridError(GridErrorCode.Corrupt, what, $"is of shard {info.Shard} of {info.Shards}.", "Load the manifest of this shard.").ToException();
        }

        if (info.Generation != plan.Generation)
        {
            throw new GridError(GridErrorCode.FailedPrecondition, what, $"has generation {info.Generation}, and the plan is {plan.Generation}.", "Restore under the plan of the manifest, then switch.").ToException();
        }

        var state = new ShardState(plan, shard, shards, pool, options);
        try
        {
            state.RestorePages(manifest, info, what, pages);
            var cursor = new ByteCursor(manifest[..info.Table], info.Body, what);
            state._records.Load(ref cursor);
            state._sources.Load(ref cursor);
            state._keys.Load(ref cursor);
            state._outbox.Load(ref cursor);
            state.Sequence = info.Sequence;
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private void RestorePages(ReadOnlySpan<byte> manifest, ManifestInfo info, string what, Func<int, ReadOnlyMemory<byte>> pages)
    {
        var table = new ByteCursor(manifest, info.Table, what);
        var count = table.Int32();
        for (var id = 0; id < count; id++)
        {
            var checksum = table.Int64();
            if (checksum == 0)
            {
                continue;
            }

            var page = pages(id).Span;
            var actual = ManifestHeader.ChecksumOf(page);
            if (actual != checksum)
            {
                throw Corrupt(id, $"has checksum {actual:x16} where the manifest says {checksum:x16}");
            }

            if (PageLayout.Check(page) is { } wrong)
            {
                throw Corrupt(id, wrong);
            }

            _pages.Restore(id, page, checksum);
        }

        _pages.FinishRestore();
        if (!table.IsAtEnd)
        {
            throw table.Corrupt("has bytes after its page table");
        }

        GridException Corrupt(int id, string message) =>
            new GridError(GridErrorCode.Corrupt, $"{Name}: page {id}", $"{message}.", "Restore the shard from an older snapshot and its log.").ToException();
    }

    private void EndSnapshot(ShardSnapshot snapshot, bool stored)
    {
        if (!ReferenceEquals(snapshot, _snapshot))
        {
            throw new InvalidOperationException("The snapshot is not the one under way.");
        }

        _pages.Thaw(snapshot.Frozen, stored);
        snapshot.Release();
        _snapshot = null;
    }
}
