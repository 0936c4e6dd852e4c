using Orleans;

namespace Grid.Abstractions;

/// <summary>What a silo says of itself every second. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.silo-info")]
public sealed record SiloInfo
{
    /// <summary>What the silo is called; the same after a restart.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Its address between silos; another one after a restart.</summary>
    [Id(1)] public required string Address { get; init; }

    /// <summary>Base address of its HTTP door.</summary>
    [Id(2)] public string Door { get; init; } = "";

    /// <summary>Where it stands; empty where nobody said.</summary>
    [Id(3)] public string Zone { get; init; } = "";

    /// <summary>What replicas may ask for, such as an execution provider.</summary>
    [Id(4)] public string[] Labels { get; init; } = [];

    [Id(5)] public SiloPhase Phase { get; init; }

    /// <summary>Cores it may use, greater than zero.</summary>
    [Id(6)] public double Cores { get; init; }

    /// <summary>Cores that its process used over the last seconds.</summary>
    [Id(7)] public double UsedCores { get; init; }

    [Id(8)] public long MemoryUsedBytes { get; init; }

    [Id(9)] public long MemoryLimitBytes { get; init; }

    /// <summary>Shards that live there.</summary>
    [Id(10)] public int Shards { get; init; }

    /// <summary>Partitions of topics that are read there.</summary>
    [Id(11)] public int Partitions { get; init; }

    /// <summary>Versions of models that are loaded there.</summary>
    [Id(12)] public int Replicas { get; init; }

    /// <summary>Entity predictions answered there each second.</summary>
    [Id(13)] public double PredictionsPerSecond { get; init; }

    /// <summary>The catalogue revision in force there.</summary>
    [Id(14)] public long Revision { get; init; }

    /// <summary>Milliseconds since the answering silo last heard of it; 0 for itself, -1 where it never has.</summary>
    [Id(15)] public long HeardMsAgo { get; init; }
}
