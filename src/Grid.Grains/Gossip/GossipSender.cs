using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Grains.Balancing.Costs;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Gossip;

/// <summary>Tells every other active silo how this one is. Thread-safe.</summary>
internal sealed partial class GossipSender(IServiceProvider services, ClusterView view, SiloMeter meter, ILogger<GossipSender> logger)
    : GrainServiceClient<ISiloGossip>(services)
{
    private readonly Lock _metering = new();

    /// <summary>One message under way to each silo, so that a slow one holds no queue of old news.</summary>
    private readonly ConcurrentDictionary<SiloAddress, Task> _underWay = new();

    /// <summary>Tells all that are free to hear.</summary>
    /// <returns>Completes when those have heard; never fails.</returns>
    public Task TellAsync()
    {
        SiloInfo info;
        lock (_metering)
        {
            info = meter.Read();
        }

        view.Own(info);
        var told = new List<Task>();
        foreach (var member in view.Active)
        {
            var silo = member.SiloAddress;
            if (!silo.Equals(view.Local) && (!_underWay.TryGetValue(silo, out var before) || before.IsCompleted))
            {
                told.Add(_underWay[silo] = Task.Run(() => TellOneAsync(silo, info)));
            }
        }

        foreach (var (silo, task) in _underWay)
        {
            if (task.IsCompleted)
            {
                _underWay.TryRemove(new KeyValuePair<SiloAddress, Task>(silo, task));
            }
        }

        return Task.WhenAll(told);
    }

    /// <summary>Has another silo hand over what it holds.</summary>
    public Task<SiloInfo> DrainAsync(SiloAddress silo) => GetGrainService(silo).DrainAsync();

    /// <summary>The load map of a silo, this one included.</summary>
    public Task<LoadReport> ReadLoadAsync(SiloAddress silo) => GetGrainService(silo).ReadLoadAsync();

    private async Task TellOneAsync(SiloAddress silo, SiloInfo info)
    {
        try
        {
            await GetGrainService(silo).HearAsync(info);
        }
        catch (Exception e)
        {
            // It hears the next one, or it is gone.
            LogUnheard(e, silo);
        }
    }

    [LoggerMessage(EventId = 2711, Level = LogLevel.Debug, Message = "Silo {Silo} could not be told how this one is")]
    private partial void LogUnheard(Exception error, SiloAddress silo);
}
