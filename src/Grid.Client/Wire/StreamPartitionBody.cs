using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>The reader of one partition; see <see cref="PartitionIngestStatus"/> for what each member says.</summary>
public sealed record StreamPartitionBody
{
    public required string Source { get; init; }

    public required string Topic { get; init; }

    public int Partition { get; init; }

    public required string Silo { get; init; }

    public required string State { get; init; }

    public long Epoch { get; init; }

    public long Frontier { get; init; }

    public long FrontierAgeMs { get; init; }

    public long Next { get; init; }

    public long Lag { get; init; }

    public long Delivered { get; init; }

    public long Redelivered { get; init; }

    public long Duplicates { get; init; }

    public long Gaps { get; init; }

    public long DeadLettered { get; init; }

    public int Parked { get; init; }

    public long KeptBytes { get; init; }

    public long Routing { get; init; }

    public ErrorBody? Error { get; init; }
}
