using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Readers of partitions in wire form.</summary>
public static class WireStreams
{
    public static StreamPartitionBody ToBody(PartitionIngestStatus status) => new()
    {
        Source = status.Source,
        Topic = status.Topic,
        Partition = status.Partition,
        Silo = status.Silo,
        State = WireEnum.NameOf(status.State),
        Epoch = status.Epoch,
        Frontier = status.Frontier,
        FrontierAgeMs = status.FrontierAgeMs,
        Next = status.Next,
        Lag = status.Lag,
        Delivered = status.Delivered,
        Redelivered = status.Redelivered,
        Duplicates = status.Duplicates,
        Gaps = status.Gaps,
        DeadLettered = status.DeadLettered,
        Parked = status.Parked,
        KeptBytes = status.KeptBytes,
        Routing = status.Routing,
        Error = status.Error is { } error ? WireErrors.ToBody(error) : null,
    };

    /// <summary>An unknown state, of a newer silo, reads as <see cref="PartitionIngestState.Connecting"/>.</summary>
    public static PartitionIngestStatus FromBody(StreamPartitionBody body) => new()
    {
        Source = body.Source,
        Topic = body.Topic,
        Partition = body.Partition,
        Silo = body.Silo,
        State = WireEnum.TryParse<PartitionIngestState>(body.State, out var state) ? state : PartitionIngestState.Connecting,
        Epoch = body.Epoch,
        Frontier = body.Frontier,
        FrontierAgeMs = body.FrontierAgeMs,
        Next = body.Next,
        Lag = body.Lag,
        Delivered = body.Delivered,
        Redelivered = body.Redelivered,
        Duplicates = body.Duplicates,
        Gaps = body.Gaps,
        DeadLettered = body.DeadLettered,
        Parked = body.Parked,
        KeptBytes = body.KeptBytes,
        Routing = body.Routing,
        Error = body.Error is { } error ? WireErrors.FromBody(error) : null,
    };
}
