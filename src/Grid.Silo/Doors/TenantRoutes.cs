using System.Collections.Concurrent;
using System.Globalization;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Silo.Doors;

/// <summary>Finds the shards of a tenant; makes the tenant on first use where the settings allow it. Holds only tenants that exist.</summary>
internal sealed class TenantRoutes(string workspace, IGrainFactory grains, CatalogueReplica catalogue, IOptions<GridGrainsOptions> options)
{
    private readonly ConcurrentDictionary<string, TenantRoute> _routes = new(StringComparer.Ordinal);

    public ValueTask<TenantRoute> FindAsync(string tenant, CancellationToken cancellationToken) =>
        _routes.TryGetValue(tenant, out var route) ? new ValueTask<TenantRoute>(route) : ResolveAsync(tenant, cancellationToken);

    /// <summary>One shard of a tenant that exists.</summary>
    public async ValueTask<IFeatureShardGrain> ShardAsync(string tenant, int shard, CancellationToken cancellationToken)
    {
        var route = await FindAsync(tenant, cancellationToken);
        return (uint)shard < (uint)route.Shards.Length
            ? route.Shards[shard]
            : throw GridError.NotFound($"shard {shard} of tenant '{tenant}'", $"does not exist: the tenant has {route.Shards.Length}.", "Count shards from 0.").ToException();
    }

    private async ValueTask<TenantRoute> ResolveAsync(string tenant, CancellationToken cancellationToken)
    {
        GridNames.Require("tenant", tenant);
        var name = $"{workspace}/{tenant}";
        int shards;
        if (catalogue.Current.Tenants.TryGetValue(name, out var entry)
            || (await catalogue.PullAsync(cancellationToken)).Tenants.TryGetValue(name, out entry))
        {
            shards = entry.Entry.Shards;
        }
        else if (options.Value.CreateTenantsOnFirstUse)
        {
            shards = (await grains.GetGrain<ITenantGrain>(name).CreateAsync(1, cancellationToken)).Shards;
        }
        else
        {
            throw Unknown(tenant).ToException();
        }

        return _routes.GetOrAdd(tenant, new TenantRoute(tenant, [.. Enumerable.Range(0, shards).Select(Shard)]));

        IFeatureShardGrain Shard(int shard) =>
            grains.GetGrain<IFeatureShardGrain>(string.Create(CultureInfo.InvariantCulture, $"{name}/{shard}"));
    }

    public GridError Unknown(string tenant) =>
        GridError.NotFound($"tenant '{tenant}'", $"is not in workspace '{workspace}'.", $"Create it: grid tenants create {tenant}.");
}
