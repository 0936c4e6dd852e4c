namespace Grid.Storage;

/// <summary>How far one partition is durable everywhere, and who may say so. Immutable.</summary>
/// <param name="Key">The partition.</param>
/// <param name="Epoch">The reader's epoch, from 1; each reader takes the next.</param>
/// <param name="Reader">Who took it, for operators.</param>
/// <param name="Frontier">Every event at or below it is durable in every shard it touches; <see cref="Undecided"/> until the start is known.</param>
/// <param name="Routing">Number of the newest routing, from 1; 0 before there is one.</param>
/// <param name="RoutingStart">The position from which the newest routing holds.</param>
/// <param name="Metadata">What the reader keeps beside it, opaque to the store: the routings that are still needed.</param>
public sealed record FrontierRow(
    SourcePartitionKey Key,
    long Epoch,
    string Reader,
    long Frontier,
    long Routing,
    long RoutingStart,
    ReadOnlyMemory<byte> Metadata)
{
    /// <summary>Nothing was read yet, and where to start is not decided. One below -1, which says that it starts at position 0.</summary>
    public const long Undecided = -2;

    /// <summary>The row of a partition that a reader takes for the first time.</summary>
    public static FrontierRow First(SourcePartitionKey key, string reader) => new(key, 1, reader, Undecided, 0, Undecided, default);

    /// <summary>What is wrong with storing it, as <see cref="IFrontierStore.StoreAsync"/> says; null if nothing is.</summary>
    internal Primitives.GridError? Check() =>
        string.IsNullOrEmpty(Key.Feed) || Key.Partition < 0
            ? Primitives.GridError.Invalid($"frontier '{Key}'", "has no feed or a negative partition.", "Name the topic's identity and count partitions from 0.")
            : Epoch < 1 || Frontier < Undecided || Routing < 0
                ? Primitives.GridError.Invalid($"frontier '{Key}'", $"has epoch {Epoch}, frontier {Frontier}, routing {Routing}.", $"Epochs begin at 1, frontiers at {Undecided}, routings at 0.")
                : null;

    /// <summary>Whether this row may take the place of the stored one: neither the frontier nor the routing goes back.</summary>
    internal bool Follows(FrontierRow stored) => Frontier >= stored.Frontier && Routing >= stored.Routing;
}
