using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;
using Microsoft.AspNetCore.Http.Features;

namespace Grid.Silo.Http;

/// <summary>Tenants, their shards and their features.</summary>
internal static class TenantEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace, IEndpointRouteBuilder tenant)
    {
        workspace.Get("tenants", ListAsync, "ListTenants", "Tenants of the workspace.").Gives<TenantsBody>();
        tenant.Get("", GetAsync, "GetTenant", "One tenant.").Gives<TenantBody>();
        tenant.Put("", CreateAsync, "CreateTenant", "Creates a tenant; its number of shards is fixed from then on. The same again changes nothing.")
            .Takes<CreateTenantBody>().Gives<TenantBody>();
        tenant.Get("shards/{shard}", ShardAsync, "GetShard", "What one shard is and holds.")
            .Asks("digest", "true: also a digest over all records, marks and keys.").Gives<ShardBody>();
        tenant.Get("features/{view}", FeaturesAsync, "ReadFeatures", "Features of one entity.")
            .Asks("entity", "Key of the entity; empty for a view of scope tenant.")
            .Asks("features", "Names within the view, comma-separated; default all.")
            .Asks("as_of", "The time to read as of: ISO 8601 with an offset, or Unix milliseconds; default now.")
            .Gives<FeatureReadingBody>();
    }

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var tenants = await client.Tenants.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new TenantsBody { Tenants = [.. tenants.Select(WireTenants.ToBody)] }, WireContext.Default.TenantsBody);
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var tenant = await client.Tenants.GetAsync(RouteText.Of(context, "tenant"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireTenants.ToBody(tenant), WireContext.Default.TenantBody);
    }

    private static async ValueTask CreateAsync(HttpContext context, IGridClient client)
    {
        var name = RouteText.Of(context, "tenant");

        // A PUT without a body asks for the default; a length header is not to be counted on.
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        var shards = !hasBody || context.Request.ContentLength is 0 ? 1 : await GridDoor.ReadAsync(context, SmallBodies.ReadShards);
        var tenant = await client.Tenants.CreateAsync(name, shards, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireTenants.ToBody(tenant), WireContext.Default.TenantBody);
    }

    private static async ValueTask ShardAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "digest");
        var status = await client.Tenants.GetShardAsync(
            RouteText.Of(context, "tenant"),
            RouteText.ShardOf(context),
            RouteText.FlagOf(context, "digest"),
            context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireTenants.ToBody(status), WireContext.Default.ShardBody);
    }

    private static async ValueTask FeaturesAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "entity", "features", "as_of");
        var names = RouteText.QueryOf(context, "features")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reading = await client.ReadFeaturesAsync(
            RouteText.Of(context, "tenant"),
            RouteText.Of(context, "view"),
            RouteText.QueryOf(context, "entity") ?? "",
            names,
            RouteText.TimeOf(context, "as_of"),
            context.RequestAborted);
        if (reading.Error is { } error)
        {
            throw error.ToException();
        }

        await JsonAnswer.WriteAsync(context, WireFeatures.ToBody(reading), WireContext.Default.FeatureReadingBody);
    }
}
