namespace Grid.Grains.Balancing.Costs;

/// <summary>A version in a silo's model host, as the silo reports it. Immutable.</summary>
/// <param name="Version">The version, <c>workspace/model/version</c>.</param>
/// <param name="IsReady">Whether it serves; false while it is being loaded.</param>
/// <param name="Bytes">Memory that it takes.</param>
/// <param name="SecondsPerCall">Processor time of a call, measured when it was loaded; 0 where nobody knows.</param>
/// <param name="IdleMs">Time since it was last called there, or loaded, in milliseconds.</param>
[GenerateSerializer, Immutable, Alias("grid.loaded-version")]
internal sealed record LoadedVersion(
    [property: Id(0)] string Version,
    [property: Id(1)] bool IsReady,
    [property: Id(2)] long Bytes,
    [property: Id(3)] double SecondsPerCall,
    [property: Id(4)] long IdleMs);
