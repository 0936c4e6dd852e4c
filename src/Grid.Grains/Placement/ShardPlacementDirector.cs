using System.Diagnostics;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Gossip;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Grid.Grains.Placement;

/// <summary>
/// Rendezvous hashing of the shard over the compatible silos, by name and weighted by what each last said of its load; a hint of the caller's wins.
/// From memory alone: it runs in the placement of every caller.
/// </summary>
internal sealed class ShardPlacementDirector(ClusterView view, PlacementInstruments instruments) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var began = Stopwatch.GetTimestamp();
        var compatible = context.GetCompatibleSilos(target);
        var silo = IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint && !view.IsLeaving(hint)
            ? hint
            : Choose(target.GrainIdentity.Key.ToString()!, compatible);
        instruments.Took(PlacementWork.Place, began);
        return Task.FromResult(silo);
    }

    private SiloAddress Choose(string shard, SiloAddress[] silos)
    {
        var names = new ulong[silos.Length];
        var weights = new double[silos.Length];
        for (var i = 0; i < silos.Length; i++)
        {
            var info = view.Find(silos[i], out var age);
            names[i] = Rendezvous.Hash(info?.Name ?? silos[i].ToParsableString());
            weights[i] = view.IsLeaving(silos[i]) ? 0 : SiloWeights.Of(info, age);
        }

        var key = Rendezvous.Hash(shard);
        var chosen = Rendezvous.Pick(key, names, weights);
        if (chosen < 0)
        {
            // All of them leave: the shard has to live somewhere until they have.
            weights.AsSpan().Fill(1);
            chosen = Rendezvous.Pick(key, names, weights);
        }

        return silos[chosen];
    }
}
