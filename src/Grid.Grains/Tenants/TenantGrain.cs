using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Tenants;

/// <inheritdoc cref="ITenantGrain"/>
[GrainType("grid.tenant")]
internal sealed partial class TenantGrain(CatalogueReplica replica, CatalogueWriter writer, TimeProvider time, ILogger<TenantGrain> logger)
    : Grain, ITenantGrain
{
    public async Task<TenantInfo> CreateAsync(int shards, CancellationToken cancellationToken)
    {
        var (workspace, tenant) = ParseKey();
        if (shards is < 1 or > ShardHash.MaxShards)
        {
            throw GridError.Invalid("shards", $"is {shards}, and a tenant has 1 to {ShardHash.MaxShards}.", "One is enough for most tenants; it is fixed once the tenant is made.").ToException();
        }

        var name = $"{workspace}/{tenant}";
        var snapshot = await replica.PullAsync(cancellationToken);
        if (!snapshot.Tenants.ContainsKey(name))
        {
            var entry = new TenantEntry(shards, time.GetUtcNow().ToUnixTimeMilliseconds());
            var swapped = await writer.SwapAsync(CatalogueKinds.Tenant, name, 0, entry, CatalogueJson.Default.TenantEntry, cancellationToken);
            snapshot = swapped ?? replica.Current;
            if (swapped is not null)
            {
                LogCreated(name, shards, snapshot.Revision);
            }
        }

        var existing = snapshot.Tenants[name].Entry;
        return existing.Shards == shards
            ? new TenantInfo(workspace, tenant, existing.Shards, existing.CreatedMs)
            : throw new GridError(
                GridErrorCode.AlreadyExists,
                $"tenant '{tenant}'",
                $"has {existing.Shards} shards, not {shards}; the number is fixed when a tenant is made.",
                "Use it as it is, or create another tenant.").ToException();
    }

    public async Task<TenantInfo?> GetAsync()
    {
        var (workspace, tenant) = ParseKey();
        var snapshot = await replica.PullAsync(CancellationToken.None);
        return snapshot.Tenants.TryGetValue($"{workspace}/{tenant}", out var entry)
            ? new TenantInfo(workspace, tenant, entry.Entry.Shards, entry.Entry.CreatedMs)
            : null;
    }

    private (string Workspace, string Tenant) ParseKey()
    {
        var parts = this.GetPrimaryKeyString().Split('/');
        return parts.Length == 2
            ? (GridNames.Require("workspace", parts[0]), GridNames.Require("tenant", parts[1]))
            : throw GridError.Invalid($"tenant key '{this.GetPrimaryKeyString()}'", "is not workspace/tenant.").ToException();
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "Tenant {Tenant} is made with {Shards} shards, catalogue revision {Revision}")]
    private partial void LogCreated(string tenant, int shards, long revision);
}
