namespace Grid.Client.Wire;

/// <summary>Body of <c>PUT /v1/{workspace}/tenants/{tenant}</c>.</summary>
public sealed record CreateTenantBody
{
    /// <summary>Shards of the tenant, 1 (default) to 4,096; fixed from then on.</summary>
    public int? Shards { get; init; }
}
