using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridCluster(GridTransport transport) : IGridCluster
{
    /// <summary>A silo has up to ten minutes to empty itself.</summary>
    private static readonly TimeSpan DrainBudget = TimeSpan.FromMinutes(11);

    /// <summary>A minute's moves of large shards take minutes.</summary>
    private static readonly TimeSpan RebalanceBudget = TimeSpan.FromMinutes(11);

    public async ValueTask<IReadOnlyList<SiloInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, "v1/cluster", CallSafety.Read) { Target = "cluster" };
        var answer = await transport.SendAsync(call, WireContext.Default.ClusterBody, cancellationToken);
        return [.. answer.Silos.Select(WireCluster.FromBody)];
    }

    public async ValueTask<SiloInfo> DrainAsync(string silo, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Post, $"v1/cluster/silos/{GridNames.Require("silo", silo)}/drain", CallSafety.Idempotent)
        {
            Target = $"silo '{silo}'",
            Budget = DrainBudget,
            AttemptTimeout = DrainBudget,
        };
        return WireCluster.FromBody(await transport.SendAsync(call, WireContext.Default.SiloBody, cancellationToken));
    }

    public async ValueTask<BalanceReport> GetBalanceAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, "v1/cluster/balance", CallSafety.Read) { Target = "balancer" };
        return WireBalance.FromBody(await transport.SendAsync(call, WireContext.Default.BalanceBody, cancellationToken));
    }

    public async ValueTask<BalanceReport> RebalanceAsync(bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Post, new QueryText("v1/cluster/rebalance").AddFlag("dry_run", isDryRun).ToString(), CallSafety.Idempotent)
        {
            Target = "balancer",
            Budget = RebalanceBudget,
            AttemptTimeout = RebalanceBudget,
        };
        return WireBalance.FromBody(await transport.SendAsync(call, WireContext.Default.BalanceBody, cancellationToken));
    }

    public async ValueTask<Explanation> ExplainAsync(string subject, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, new QueryText("v1/cluster/explain").Add("subject", subject).ToString(), CallSafety.Read) { Target = $"subject '{subject}'" };
        return WireBalance.FromBody(await transport.SendAsync(call, WireContext.Default.ExplanationBody, cancellationToken));
    }
}
