namespace Grid.Grains.Balancing.Costs;

/// <summary>What a silo answers when the balancer asks. Immutable.</summary>
/// <param name="Load">Its load and its heaviest shards.</param>
/// <param name="Versions">What its model host holds.</param>
[GenerateSerializer, Immutable, Alias("grid.load-report")]
internal sealed record LoadReport([property: Id(0)] SiloLoad Load, [property: Id(1)] LoadedVersion[] Versions);
