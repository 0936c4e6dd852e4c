namespace Grid.Client.Wire;

/// <summary>One silo.</summary>
public sealed record SiloBody
{
    /// <summary>What it is called; the same after a restart.</summary>
    public required string Name { get; init; }

    /// <summary>Its address between silos.</summary>
    public required string Address { get; init; }

    /// <summary>Base address of its HTTP door.</summary>
    public required string Door { get; init; }

    public string? Zone { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>active, draining or drained.</summary>
    public required string Phase { get; init; }

    public double Cores { get; init; }

    /// <summary>Cores in use over the last seconds.</summary>
    public double UsedCores { get; init; }

    public long MemoryUsedBytes { get; init; }

    public long MemoryLimitBytes { get; init; }

    /// <summary>Shards that live there.</summary>
    public int Shards { get; init; }

    /// <summary>Partitions of topics that are read there.</summary>
    public int Partitions { get; init; }

    /// <summary>Versions of models loaded there.</summary>
    public int Replicas { get; init; }

    public double PredictionsPerSecond { get; init; }

    /// <summary>The catalogue revision in force there.</summary>
    public long Revision { get; init; }

    /// <summary>Milliseconds since the answering silo last heard of it; -1 where it never has.</summary>
    public long HeardMsAgo { get; init; }
}
