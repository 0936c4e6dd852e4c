using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Ingestion;

/// <summary>Says how many shards a tenant has; makes an unknown one where the settings allow it.</summary>
internal sealed class TenantDirectory(CatalogueReplica catalogue, IGrainFactory grains, IOptions<GridGrainsOptions> options)
{
    /// <summary>The number of shards; 0 where there is no such tenant and none may be made.</summary>
    /// <exception cref="GridException">It cannot be told now, or the tenant cannot be made.</exception>
    public async Task<int> ShardsAsync(string workspace, string tenant, CancellationToken cancellationToken)
    {
        var name = $"{workspace}/{tenant}";
        if (catalogue.Current.Tenants.TryGetValue(name, out var entry))
        {
            return entry.Entry.Shards;
        }

        // This copy may be behind by a second: a tenant is unknown only when the store says so.
        if ((await catalogue.PullAsync(cancellationToken)).Tenants.TryGetValue(name, out entry))
        {
            return entry.Entry.Shards;
        }

        return options.Value.CreateTenantsOnFirstUse
            ? (await grains.GetGrain<ITenantGrain>(name).CreateAsync(1, cancellationToken)).Shards
            : 0;
    }
}
