using Orleans;

namespace Grid.Abstractions;

/// <summary>A version that takes a share of the live one's traffic.</summary>
/// <param name="Version">The version on trial.</param>
/// <param name="SharePercent">Its share, over 0 and up to 100.</param>
/// <param name="Sticky">What keeps its version; a share that rises keeps everything that was in it.</param>
/// <param name="IsAutomatic">The guards of its manifest may raise the share, promote it, and throw it back.</param>
[GenerateSerializer, Immutable, Alias("grid.canary")]
public sealed record Canary(
    [property: Id(0)] string Version,
    [property: Id(1)] double SharePercent,
    [property: Id(2)] StickyBy Sticky,
    [property: Id(3)] bool IsAutomatic);
