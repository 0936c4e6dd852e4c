using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Gossip;
using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Silo.Doors;

internal sealed class InProcessCluster(ClusterView view, GossipSender gossip, IGrainFactory grains) : IGridCluster
{
    private IBalancerGrain Balancer => grains.GetGrain<IBalancerGrain>(BalancerKeeper.Key);

    public ValueTask<IReadOnlyList<SiloInfo>> ListAsync(CancellationToken cancellationToken) => new(view.List());

    public async ValueTask<SiloInfo> DrainAsync(string silo, CancellationToken cancellationToken)
    {
        var silos = view.List();
        var found = silos.FirstOrDefault(info => info.Name == silo)
            ?? throw GridError.NotFound($"silo '{silo}'", "is not an active silo.", $"There are: {string.Join(", ", silos.Select(static s => s.Name))}.").ToException();
        return await DoorErrors.TranslateAsync(gossip.DrainAsync(SiloAddress.FromParsableString(found.Address)).WaitAsync(cancellationToken), cancellationToken);
    }

    public ValueTask<BalanceReport> GetBalanceAsync(CancellationToken cancellationToken) => DoorErrors.TranslateAsync(Balancer.GetAsync(), cancellationToken);

    public ValueTask<BalanceReport> RebalanceAsync(bool isDryRun, CancellationToken cancellationToken) =>
        DoorErrors.TranslateAsync(Balancer.RebalanceAsync(isDryRun, CancellationToken.None).WaitAsync(cancellationToken), cancellationToken);

    public ValueTask<Explanation> ExplainAsync(string subject, CancellationToken cancellationToken) =>
        DoorErrors.TranslateAsync(Balancer.ExplainAsync(subject, cancellationToken), cancellationToken);
}
