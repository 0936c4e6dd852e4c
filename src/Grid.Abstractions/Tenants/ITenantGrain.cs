using Orleans;

namespace Grid.Abstractions;

/// <summary>Owner of a tenant's settings; key <c>workspace/tenant</c>.</summary>
[Alias("grid.ITenantGrain"), GrainInterfaceType("grid.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Creates the tenant. The same number of shards again changes nothing; another one is refused.</summary>
    /// <param name="shards">1 to <see cref="Primitives.ShardHash.MaxShards"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the tenant may still be made.</param>
    [Alias("Create")]
    Task<TenantInfo> CreateAsync(int shards, CancellationToken cancellationToken = default);

    /// <summary>The tenant, or null where there is none.</summary>
    [Alias("Get")]
    Task<TenantInfo?> GetAsync();
}
