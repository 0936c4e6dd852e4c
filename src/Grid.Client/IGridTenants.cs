using Grid.Abstractions;

namespace Grid.Client;

/// <summary>Tenants of the workspace.</summary>
public interface IGridTenants
{
    ValueTask<IReadOnlyList<TenantInfo>> ListAsync(CancellationToken cancellationToken = default);

    ValueTask<TenantInfo> GetAsync(string tenant, CancellationToken cancellationToken = default);

    /// <summary>Creates a tenant; its number of shards is fixed from then on. The same again changes nothing.</summary>
    ValueTask<TenantInfo> CreateAsync(string tenant, int shards = 1, CancellationToken cancellationToken = default);

    /// <summary>What one shard is and holds.</summary>
    ValueTask<ShardStatus> GetShardAsync(string tenant, int shard, bool withDigest = false, CancellationToken cancellationToken = default);
}
