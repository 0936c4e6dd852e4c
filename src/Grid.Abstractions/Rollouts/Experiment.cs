using Orleans;

namespace Grid.Abstractions;

/// <summary>All traffic divided between arms by weight. An arm whose weight rises keeps everything that was in it.</summary>
[GenerateSerializer, Immutable, Alias("grid.experiment")]
public sealed record Experiment([property: Id(0)] RolloutArm[] Arms, [property: Id(1)] StickyBy Sticky);
