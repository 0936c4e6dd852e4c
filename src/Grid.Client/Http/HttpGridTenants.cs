using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridTenants(GridTransport transport, string root) : IGridTenants
{
    public async ValueTask<IReadOnlyList<TenantInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{root}/tenants", CallSafety.Read) { Target = "tenants" };
        var answer = await transport.SendAsync(call, WireContext.Default.TenantsBody, cancellationToken);
        return [.. answer.Tenants.Select(WireTenants.FromBody)];
    }

    public async ValueTask<TenantInfo> GetAsync(string tenant, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, PathOf(tenant), CallSafety.Read) { Target = $"tenant '{tenant}'" };
        return WireTenants.FromBody(await transport.SendAsync(call, WireContext.Default.TenantBody, cancellationToken));
    }

    public async ValueTask<TenantInfo> CreateAsync(string tenant, int shards = 1, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Put, PathOf(tenant), CallSafety.Idempotent)
        {
            Target = $"tenant '{tenant}'",
            Content = _ => JsonBytesContent.From(new CreateTenantBody { Shards = shards }, WireContext.Default.CreateTenantBody),
        };
        return WireTenants.FromBody(await transport.SendAsync(call, WireContext.Default.TenantBody, cancellationToken));
    }

    public async ValueTask<ShardStatus> GetShardAsync(string tenant, int shard, bool withDigest = false, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{PathOf(tenant)}/shards/{shard}").AddFlag("digest", withDigest);
        var call = new GridCall(HttpMethod.Get, path.ToString(), CallSafety.Read) { Target = $"shard {shard} of tenant '{tenant}'" };
        return WireTenants.FromBody(await transport.SendAsync(call, WireContext.Default.ShardBody, cancellationToken));
    }

    private string PathOf(string tenant) => $"{root}/tenants/{GridNames.Require("tenant", tenant)}";
}
