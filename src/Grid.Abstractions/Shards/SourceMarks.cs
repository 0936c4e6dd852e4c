using Orleans;

namespace Grid.Abstractions;

/// <summary>Marks of one (feed, partition) in one shard; -1 where nothing came yet.</summary>
/// <param name="Applied">What the shard skips.</param>
/// <param name="Durable">What a reader may report as done.</param>
[GenerateSerializer, Immutable, Alias("grid.source-marks")]
public readonly record struct SourceMarks([property: Id(0)] long Applied, [property: Id(1)] long Durable);
