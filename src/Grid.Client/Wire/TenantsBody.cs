namespace Grid.Client.Wire;

/// <summary>Tenants of a workspace.</summary>
public sealed record TenantsBody
{
    public required IReadOnlyList<TenantBody> Tenants { get; init; }
}
