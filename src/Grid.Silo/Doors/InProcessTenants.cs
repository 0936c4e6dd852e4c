using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Silo.Doors;

internal sealed class InProcessTenants(string workspace, IGrainFactory grains, CatalogueReplica catalogue, TenantRoutes routes) : IGridTenants
{
    public async ValueTask<IReadOnlyList<TenantInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var snapshot = await catalogue.PullAsync(cancellationToken);
        var prefix = workspace + "/";
        return
        [
            .. snapshot.Tenants
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new TenantInfo(workspace, pair.Key[prefix.Length..], pair.Value.Entry.Shards, pair.Value.Entry.CreatedMs)),
        ];
    }

    public async ValueTask<TenantInfo> GetAsync(string tenant, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Grain(tenant).GetAsync(), cancellationToken) ?? throw routes.Unknown(tenant).ToException();

    public async ValueTask<TenantInfo> CreateAsync(string tenant, int shards, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Grain(tenant).CreateAsync(shards, cancellationToken), cancellationToken);

    public async ValueTask<ShardStatus> GetShardAsync(string tenant, int shard, bool withDigest, CancellationToken cancellationToken)
    {
        // Looking at a tenant must not make it.
        await GetAsync(tenant, cancellationToken);
        var grain = await routes.ShardAsync(tenant, shard, cancellationToken);
        return await DoorErrors.TranslateAsync(grain.GetStatusAsync(withDigest), cancellationToken);
    }

    private ITenantGrain Grain(string tenant) => grains.GetGrain<ITenantGrain>($"{workspace}/{GridNames.Require("tenant", tenant)}");
}
