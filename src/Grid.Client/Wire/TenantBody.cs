namespace Grid.Client.Wire;

/// <summary>A tenant.</summary>
public sealed record TenantBody
{
    public required string Workspace { get; init; }

    public required string Tenant { get; init; }

    public int Shards { get; init; }

    public WireTime Created { get; init; }
}
