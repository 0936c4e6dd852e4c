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
        cluster.Get("balance", GetBalanceAsync, "GetBalance", "The balancer's last look at the cluster and its last decisions.").Gives<BalanceBody>();
        cluster.Post("rebalance", RebalanceAsync, "Rebalance", "Has the balancer look now and carry out what it decides; answers when it has.")
            .Asks("dry_run", "Only say what would be done: true or false.")
            .Gives<BalanceBody>();
        cluster.Get("explain", ExplainAsync, "Explain", "Why a shard or a version is where it is, or why something was decided.")
            .Asks("subject", "A shard (tenant/shard), a version (model/version), with the workspace in front where it is not the default one, or the number of a decision.", isRequired: true)
            .Gives<ExplanationBody>();
    }

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var silos = await client.Cluster.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ClusterBody { Silos = [.. silos.Select(WireCluster.ToBody)] }, WireContext.Default.ClusterBody);
    }

    private static async ValueTask GetBalanceAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        await JsonAnswer.WriteAsync(context, WireBalance.ToBody(await client.Cluster.GetBalanceAsync(context.RequestAborted)), WireContext.Default.BalanceBody);
    }

    private static async ValueTask RebalanceAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "dry_run");
        var report = await client.Cluster.RebalanceAsync(RouteText.FlagOf(context, "dry_run"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireBalance.ToBody(report), WireContext.Default.BalanceBody);
    }

    private static async ValueTask ExplainAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "subject");
        var explanation = await client.Cluster.ExplainAsync(RouteText.RequireQuery(context, "subject"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireBalance.ToBody(explanation), WireContext.Default.ExplanationBody);
    }

    private static async ValueTask DrainAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var silo = await client.Cluster.DrainAsync(RouteText.Of(context, "silo"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireCluster.ToBody(silo), WireContext.Default.SiloBody);
    }
}
