using Grid.Abstractions;
using Grid.Client;

namespace Grid.Silo.Doors;

internal sealed class InProcessSources(TenantRoutes routes) : IGridSources
{
    public async ValueTask<DeliveryAnswer> DeliverAsync(string tenant, int shard, SourceDelivery delivery, CancellationToken cancellationToken)
    {
        var grain = await routes.ShardAsync(tenant, shard, cancellationToken);
        return await DoorErrors.TranslateAsync(grain.DeliverAsync(delivery, cancellationToken), cancellationToken);
    }

    public async ValueTask<SourceMarks> GetMarksAsync(string tenant, int shard, string feed, string partition, CancellationToken cancellationToken)
    {
        var grain = await routes.ShardAsync(tenant, shard, cancellationToken);
        return await DoorErrors.TranslateAsync(grain.GetMarksAsync(feed, partition), cancellationToken);
    }

    public async ValueTask FlushAsync(string tenant, int shard, CancellationToken cancellationToken)
    {
        var grain = await routes.ShardAsync(tenant, shard, cancellationToken);
        await DoorErrors.TranslateAsync(grain.FlushAsync(cancellationToken), cancellationToken);
    }
}
