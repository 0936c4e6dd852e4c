namespace Grid.Client.Wire;

/// <summary>A silo as the balancer sees it.</summary>
public sealed record SiloShareBody
{
    public required string Silo { get; init; }

    public double CapacityCores { get; init; }

    /// <summary>Cores in use, smoothed over some 15 s.</summary>
    public double UsedCores { get; init; }

    /// <summary>How long work waits for a thread there.</summary>
    public double QueueMs { get; init; }

    public long Shards { get; init; }

    public long StateBytes { get; init; }

    /// <summary>Predictions that its shards ask of models.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>Of them, those that no replica of its own answered.</summary>
    public double RemotePerSecond { get; init; }
}
