using Orleans;

namespace Grid.Abstractions;

/// <summary>A tenant; its number of shards is fixed when it is made.</summary>
[GenerateSerializer, Immutable, Alias("grid.tenant-info")]
public sealed record TenantInfo(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Tenant,
    [property: Id(2)] int Shards,
    [property: Id(3)] long CreatedMs);
