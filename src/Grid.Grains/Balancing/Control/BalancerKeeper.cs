using Grid.Grains.Gossip;
using Grid.Grains.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Balancing.Control;

/// <summary>Sees to it that the cluster has its balancer: the silo that should hold it wakes it, again and again. Used by one caller at a time.</summary>
internal sealed partial class BalancerKeeper(ClusterView view, IGrainFactory grains, ILogger<BalancerKeeper> logger)
{
    /// <summary>The one that there is.</summary>
    public const string Key = "grid";

    private static readonly ulong s_hash = Rendezvous.Hash("balancer");

    private Task _underWay = Task.CompletedTask;

    /// <summary>Wakes the balancer if this silo should hold it. It stays where it is while it lives.</summary>
    public void Keep()
    {
        if (_underWay.IsCompleted && Holder(view.Takers()) is { } holder && holder.Equals(view.Local))
        {
            _underWay = Task.Run(WakeAsync);
        }
    }

    /// <summary>Which of the silos should hold it; every silo with the same list says the same.</summary>
    internal static SiloAddress? Holder(IReadOnlyList<SiloAddress> silos) =>
        silos.MaxBy(static silo => Rendezvous.Draw(s_hash, Rendezvous.Hash(silo.ToParsableString()), 1));

    private async Task WakeAsync()
    {
        try
        {
            await grains.GetGrain<IBalancerGrain>(Key).KeepAsync();
        }
        catch (Exception e)
        {
            // The next second tries again; meanwhile everything stays where it is.
            LogFailed(e);
        }
    }

    [LoggerMessage(EventId = 2742, Level = LogLevel.Warning, Message = "The balancer could not be woken")]
    private partial void LogFailed(Exception error);
}
