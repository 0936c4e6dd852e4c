namespace Grid.Grains.Balancing;

/// <summary>The shards of a silo that its report does not name, as one.</summary>
/// <param name="Shards">How many.</param>
/// <param name="Cores">What they take together, in cores.</param>
/// <param name="StateBytes">Memory of their records together.</param>
[GenerateSerializer, Immutable, Alias("grid.rest-load")]
internal readonly record struct RestLoad([property: Id(0)] long Shards, [property: Id(1)] double Cores, [property: Id(2)] long StateBytes);
