namespace Grid.Grains.Balancing;

/// <summary>The shards of a silo that its report does not name, as one.</summary>
/// <param name="Shards">How many.</param>
/// <param name="Cores">What they take together, in cores.</param>
/// <param name="StateBytes">Memory of their records together.</param>
internal readonly record struct RestLoad(long Shards, double Cores, long StateBytes);
