namespace Grid.Balancing.Bench.Simulation;

/// <summary>A cluster and its work, made from a seed.</summary>
internal sealed record WorldOptions
{
    public int Seed { get; init; } = 1;

    public int Silos { get; init; } = 10;

    public int Shards { get; init; } = 10_000;

    public int Versions { get; init; } = 20;

    /// <summary>Silos that hold each version at first.</summary>
    public int ReplicasAtStart { get; init; } = 3;

    /// <summary>The most replicas that a version may have.</summary>
    public int MaxReplicas { get; init; } = int.MaxValue;

    /// <summary>Exponent of the tenants' sizes: the tenant of rank r has a share of 1 ÷ r^this.</summary>
    public double Zipf { get; init; } = 1.0;

    /// <summary>Utilisation of the whole cluster, if every call were local.</summary>
    public double Utilisation { get; init; } = 0.5;

    public double CoresPerSilo { get; init; } = 4;

    public long MemoryPerSilo { get; init; } = 16L << 30;

    public long VersionBytes { get; init; } = 400L << 20;

    /// <summary>Mean state of a shard.</summary>
    public long ShardBytes { get; init; } = 1 << 20;

    /// <summary>No shard takes more than this share of a silo: a tenant that is larger has more shards.</summary>
    public double LargestShardShare { get; init; } = 0.15;

    /// <summary>Step of the simulated clock.</summary>
    public int TickMs { get; init; } = 5_000;

    /// <summary>Half-life of the smoothed figures.</summary>
    public long HalfLifeMs { get; init; } = 15_000;

    public int Zones { get; init; } = 3;
}
