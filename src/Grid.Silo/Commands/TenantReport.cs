using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary>What <c>grid tenants show --json</c> prints.</summary>
internal sealed record TenantReport
{
    public required TenantBody Tenant { get; init; }

    public required IReadOnlyList<ShardBody> Shards { get; init; }
}
