using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Shards;

/// <summary>Brings a shard's state back: epoch first, then manifest, pages and the tail of the log, each by a later statement.</summary>
internal sealed class ShardLoader(
    IShardStore store,
    CatalogueReplica catalogue,
    PagePool pages,
    IOptions<GridGrainsOptions> options)
{
    public async Task<LoadedShard> LoadAsync(ShardKey shard, int shards, string owner, CancellationToken cancellationToken)
    {
        var leases = await store.TakeEpochsAsync([shard], owner, cancellationToken);
        var lease = leases[0];
        var image = await store.LoadAsync(lease, cancellationToken);

        // What the log names may be newer than this silo's copy of the catalogue.
        var snapshot = await catalogue.PullAsync(cancellationToken);
        var state = await Task.Run(() => Rebuild(lease, shards, image, snapshot), cancellationToken);
        return new LoadedShard(lease, state, image.Snapshot?.Sequence ?? 0, image.Blocks.Sum(block => (long)block.Payload.Length));
    }

    private ShardState Rebuild(ShardLease lease, int shards, ShardImage image, CatalogueSnapshot snapshot)
    {
        var shard = lease.Shard;
        var stateOptions = new ShardStateOptions { IgnoreMarksForTest = options.Value.Shards.IgnoreMarks };
        FeaturePlan PlanOf(Digest generation) => ResolvePlan(shard, generation, snapshot);
        var state = image.Snapshot is { } taken
            ? ShardState.Restore(PlanOf(ShardState.ReadManifest(taken.Manifest.Span).Generation), shard.Shard, shards, pages, stateOptions, taken.Manifest.Span, PageOf(taken))
            : new ShardState(FeaturePlan.Empty, shard.Shard, shards, pages, stateOptions);
        try
        {
            foreach (var block in image.Blocks)
            {
                state.Replay(block.Payload.Span, PlanOf);
            }

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
