using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Grains.Moving;
using Grid.Grains.Ownership;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Shards;

/// <summary>Brings a shard's state back: epoch first, then manifest, pages and the tail of the log, each by a later statement.</summary>
internal sealed class ShardLoader(
    IShardStore store,
    EpochTaker epochs,
    OwnMembership membership,
    CatalogueReplica catalogue,
    PagePool pages,
    ShardPreloads preloads,
    IOptions<GridGrainsOptions> options)
{
    public async Task<LoadedShard> LoadAsync(ShardKey shard, int shards, CancellationToken cancellationToken)
    {
        await membership.LookedAsync(cancellationToken);
        var lease = await epochs.TakeAsync(shard, cancellationToken);
        if (preloads.Take(shard) is { } ahead)
        {
            if (await FinishAsync(lease, ahead, cancellationToken) is { } finished)
            {
                return finished;
            }

            ahead.State.Dispose();
        }

        var image = await store.LoadAsync(lease, cancellationToken);

        // What the log names may be newer than this silo's copy of the catalogue.
        var snapshot = await catalogue.PullAsync(cancellationToken);
        var state = await Task.Run(() => Rebuild(shard, shards, image, snapshot), cancellationToken);
        return new LoadedShard(lease, state, image.Snapshot?.Sequence ?? 0, image.Blocks.Sum(block => (long)block.Payload.Length));
    }

    /// <summary>Reads a shard as its owner has written it so far. The owner is not disturbed and not fenced.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="epoch">The epoch of its owner.</param>
    /// <exception cref="GridException">NotFound: no such tenant. Conflict: the owner has changed.</exception>
    public async Task<PreloadedShard> PreloadAsync(ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        var image = await store.LoadAsync(new ShardLease(shard, epoch, 0, ""), cancellationToken);
        var snapshot = await catalogue.PullAsync(cancellationToken);
        if (!snapshot.Tenants.TryGetValue($"{shard.Workspace}/{shard.Tenant}", out var tenant))
        {
            throw GridError.NotFound($"tenant '{shard.Tenant}'", $"is not in workspace '{shard.Workspace}'.").ToException();
        }

        var state = await Task.Run(() => Rebuild(shard, tenant.Entry.Shards, image, snapshot), cancellationToken);
        var from = image.Snapshot?.Sequence ?? 0;
        return new PreloadedShard(shard, state, from, from + image.Blocks.Count, image.Blocks.Sum(static block => (long)block.Payload.Length));
    }

    /// <summary>Brings what was read ahead up to date; null where the log was cut meanwhile.</summary>
    private async Task<LoadedShard?> FinishAsync(ShardLease lease, PreloadedShard ahead, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.LoadTailAsync(lease, ahead.SnapshotSequence, ahead.LastSequence, cancellationToken) is not { } tail)
            {
                return null;
            }

            if (tail.Count > 0)
            {
                var snapshot = await catalogue.PullAsync(cancellationToken);
                await Task.Run(() => Replay(lease.Shard, ahead.State, tail, snapshot), cancellationToken);
            }

            preloads.CountUsed();
            return new LoadedShard(lease, ahead.State, ahead.SnapshotSequence, ahead.LogBytes + tail.Sum(static block => (long)block.Payload.Length));
        }
        catch
        {
            ahead.State.Dispose();
            throw;
        }
    }

    private static void Replay(ShardKey shard, ShardState state, IReadOnlyList<LogBlock> blocks, CatalogueSnapshot snapshot)
    {
        foreach (var block in blocks)
        {
            state.Replay(block.Payload.Span, generation => ResolvePlan(shard, generation, snapshot));
        }
    }

    private ShardState Rebuild(ShardKey shard, int shards, ShardImage image, CatalogueSnapshot snapshot)
    {
        var stateOptions = new ShardStateOptions { IgnoreMarksForTest = options.Value.Shards.IgnoreMarks };
        FeaturePlan PlanOf(Digest generation) => ResolvePlan(shard, generation, snapshot);
        var state = image.Snapshot is { } taken
            ? ShardState.Restore(PlanOf(ShardState.ReadManifest(taken.Manifest.Span).Generation), shard.Shard, shards, pages, stateOptions, taken.Manifest.Span, PageOf(taken))
            : new ShardState(FeaturePlan.Empty, shard.Shard, shards, pages, stateOptions);
        try
        {
            Replay(shard, state, image.Blocks, snapshot);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static Func<int, ReadOnlyMemory<byte>> PageOf(SnapshotImage image)
    {
        var byId = image.Pages.ToDictionary(page => page.PageId, page => page.Content);
        return id => byId.TryGetValue(id, out var content) ? content : default;
    }

    private static FeaturePlan ResolvePlan(ShardKey shard, Digest generation, CatalogueSnapshot snapshot)
    {
        if (generation == FeaturePlan.Empty.Generation)
        {
            return FeaturePlan.Empty;
        }

        var current = snapshot.PlanOf(shard.Workspace);
        if (current.Generation == generation)
        {
            return current;
        }

        return snapshot.Generations.TryGetValue($"{shard.Workspace}/{generation}", out var entry)
            ? CatalogueReplica.Compile(entry)
            : throw new GridError(
                GridErrorCode.Corrupt,
                $"shard {shard}",
                $"was written under the views of generation {generation}, which the catalogue does not hold.",
                "Restore the catalogue from the backup that the shard's log belongs to.").ToException();
    }
}
