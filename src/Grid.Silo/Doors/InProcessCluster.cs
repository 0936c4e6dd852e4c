using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Gossip;
using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Silo.Doors;

internal sealed class InProcessCluster(ClusterView view, GossipSender gossip) : IGridCluster
{
    public ValueTask<IReadOnlyList<SiloInfo>> ListAsync(CancellationToken cancellationToken) => new(view.List());

    public async ValueTask<SiloInfo> DrainAsync(string silo, CancellationToken cancellationToken)
    {
        var silos = view.List();
        var found = silos.FirstOrDefault(info => info.Name == silo)
            ?? throw GridError.NotFound($"silo '{silo}'", "is not an active silo.", $"There are: {string.Join(", ", silos.Select(static s => s.Name))}.").ToException();
        return await DoorErrors.TranslateAsync(gossip.DrainAsync(SiloAddress.FromParsableString(found.Address)).WaitAsync(cancellationToken), cancellationToken);
    }
}
