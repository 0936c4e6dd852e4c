namespace Grid.Client.Http;

/// <summary>An entity as owners are remembered by. Tenants place their entities apart, so the tenant is part of it.</summary>
internal readonly record struct OwnerKey(string Tenant, string Entity);
