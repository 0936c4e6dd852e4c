using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>The silos, and what an operator asks of one.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder cluster)
    {
        cluster.Get("", ListAsync, "ListSilos", "Every active silo: load, shards, partitions of topics.").Gives<ClusterBody>();
        cluster.Post("silos/{silo}/drain", DrainAsync, "DrainSilo", "Has a silo hand over what it holds and take no more; answers when it has.").Gives<SiloBody>();
    }

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var silos = await client.Cluster.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ClusterBody { Silos = [.. silos.Select(WireCluster.ToBody)] }, WireContext.Default.ClusterBody);
    }

    private static async ValueTask DrainAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var silo = await client.Cluster.DrainAsync(RouteText.Of(context, "silo"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireCluster.ToBody(silo), WireContext.Default.SiloBody);
    }
}
