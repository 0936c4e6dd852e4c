namespace Grid.Grains.Catalogue;

/// <summary>Stored settings of a tenant.</summary>
internal sealed record TenantEntry(int Shards, long CreatedMs);
