using Grid.Abstractions;
using Grid.Grains.Balancing.Costs;
using Orleans.Services;

namespace Grid.Grains.Gossip;

/// <summary>One per silo: tells the others each second how it is, and hears the same of them.</summary>
[Alias("grid.ISiloGossip"), GrainInterfaceType("grid.silo-gossip")]
internal interface ISiloGossip : IGrainService
{
    /// <summary>Another silo says how it is.</summary>
    [Alias("Hear")]
    Task HearAsync(SiloInfo info);

    /// <summary>Hands over everything that this silo holds; returns when it is empty or its time for that is over.</summary>
    [Alias("Drain"), ResponseTimeout("00:10:00")]
    Task<SiloInfo> DrainAsync();

    /// <summary>This silo's load map: its heaviest shards with what they cost, and what its model host holds.</summary>
    [Alias("ReadLoad")]
    Task<LoadReport> ReadLoadAsync();
}
