using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>A reader of a partition at one moment. Counts are since this reader started.</summary>
[GenerateSerializer, Immutable, Alias("grid.partition-ingest-status")]
public sealed record PartitionIngestStatus
{
    [Id(0)] public required string Source { get; init; }

    [Id(1)] public required string Topic { get; init; }

    [Id(2)] public required int Partition { get; init; }

    /// <summary>The silo that reads.</summary>
    [Id(3)] public required string Silo { get; init; }

    [Id(4)] public required PartitionIngestState State { get; init; }

    /// <summary>The reader's epoch; 0 before it is taken.</summary>
    [Id(5)] public long Epoch { get; init; }

    /// <summary>Every event at or below it is durable in every shard it touches; -1 for none, -2 before the start is known.</summary>
    [Id(6)] public long Frontier { get; init; } = -2;

    /// <summary>How long events above the frontier have been waiting for it to rise, in milliseconds; 0 where nothing is under way.</summary>
    [Id(7)] public long FrontierAgeMs { get; init; }

    /// <summary>The next position to be given to shards; -1 before it is known.</summary>
    [Id(8)] public long Next { get; init; } = -1;

    /// <summary>Records that the broker has and that were not yet given to shards.</summary>
    [Id(9)] public long Lag { get; init; }

    /// <summary>Events applied by shards.</summary>
    [Id(10)] public long Delivered { get; init; }

    /// <summary>Events sent more than once.</summary>
    [Id(11)] public long Redelivered { get; init; }

    /// <summary>Events that a shard had already and skipped.</summary>
    [Id(12)] public long Duplicates { get; init; }

    /// <summary>Deliveries that a shard refused because it had less than was sent before.</summary>
    [Id(13)] public long Gaps { get; init; }

    /// <summary>Records set aside by the reader.</summary>
    [Id(14)] public long DeadLettered { get; init; }

    /// <summary>Shards that stay away and hold the frontier.</summary>
    [Id(15)] public int Parked { get; init; }

    /// <summary>Bytes kept for sending again.</summary>
    [Id(16)] public long KeptBytes { get; init; }

    /// <summary>Number of the routing in force.</summary>
    [Id(17)] public long Routing { get; init; }

    /// <summary>Why it cannot go on, or what it waits for; null where all is well.</summary>
    [Id(18)] public GridError? Error { get; init; }
}
