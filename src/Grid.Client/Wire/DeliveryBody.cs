namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/tenants/{tenant}/shards/{shard}/deliveries</c>: events of one partition of a source, in its order.</summary>
public sealed record DeliveryBody
{
    /// <summary>One reading of a source.</summary>
    public required string Feed { get; init; }

    /// <summary>The partition of the feed.</summary>
    public required string Partition { get; init; }

    /// <summary>Epoch of the reader that delivers.</summary>
    public long ReaderEpoch { get; init; }

    /// <summary>Position of the event before the first one for this shard, -1 where there is none; the frontier with <see cref="FromFrontier"/>.</summary>
    public long Previous { get; init; }

    /// <summary>True for a reader's first delivery.</summary>
    public bool? FromFrontier { get; init; }

    /// <summary>In order of position.</summary>
    public required IReadOnlyList<DeliveryEventBody> Events { get; init; }
}
