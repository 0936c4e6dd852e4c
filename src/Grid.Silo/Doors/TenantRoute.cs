using Grid.Abstractions;

namespace Grid.Silo.Doors;

/// <summary>The shards of a tenant, resolved once: a grain reference made per request would cost a microsecond and half a kilobyte.</summary>
internal sealed record TenantRoute(string Tenant, IFeatureShardGrain[] Shards);
