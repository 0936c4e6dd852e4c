namespace Grid.Grains.Balancing;

/// <summary>The numbers by which decisions are made. Shares are of 1; times in milliseconds. Immutable.</summary>
internal sealed record BalancePolicy
{
    public static readonly BalancePolicy Default = new();

    /// <summary>After this time half of a change shows in the reported rates. Default 15 s. The balancer corrects for what does not show yet.</summary>
    public long HalfLifeMs { get; init; } = 15_000;

    /// <summary>A silo whose report is older takes no part: nobody knows its load. Default 10 s.</summary>
    public long StaleReportMs { get; init; } = 10_000;

    /// <summary>A silo this far above the mean utilisation (relative to it) becomes busy, this far below idle. Default 0.20.</summary>
    public double EnterShare { get; init; } = 0.20;

    /// <summary>It stays so until it is this near to the mean. Default 0.07; below <see cref="EnterShare"/>.</summary>
    public double ExitShare { get; init; } = 0.07;

    /// <summary>And this far from the mean in utilisation, so that a grid with nothing to do does not move things about. Default 0.05.</summary>
    public double MinGapShare { get; init; } = 0.05;

    /// <summary>For how long, before anything is done: one burst is no load. Default 10 s.</summary>
    public long SustainMs { get; init; } = 10_000;

    /// <summary>At this utilisation nobody waits for <see cref="SustainMs"/>, and no shard is moved there for its calls. Default 0.90.</summary>
    public double OverloadShare { get; init; } = 0.90;

    /// <summary>Work that waits longer than this makes a silo busy as soon as it is above the mean at all. Default 50 ms.</summary>
    public double QueueMsMax { get; init; } = 50;

    /// <summary>Most moves of one look. Default 512.</summary>
    public int MovesPerLook { get; init; } = 512;

    /// <summary>Most moves out of one silo, and most into one. Default 32.</summary>
    public int MovesPerSilo { get; init; } = 32;

    /// <summary>The same out of a silo that drains, which is in a hurry. Default 256.</summary>
    public int DrainMovesPerSilo { get; init; } = 256;

    /// <summary>Most state that one silo takes in a look; one shard that is larger may come alone. Default 256 MiB.</summary>
    public long BytesPerSilo { get; init; } = 256L << 20;

    /// <summary>A shard that was moved stays for this time, unless its silo drains. Default 120 s.</summary>
    public long CoolDownMs { get; init; } = 120_000;

    /// <summary>Processor time that a call to another silo's replica costs both ends more than one in place, in seconds. Default 60 µs.</summary>
    public double RemoteCallCores { get; init; } = 60e-6;

    /// <summary>How much a core spent on remote calls weighs against one of imbalance: latency counts too. Default 5.</summary>
    public double LocalityWeight { get; init; } = 5;

    /// <summary>Remote calls a second from which a shard is moved to its model. Default 0.1.</summary>
    public double MinRemotePerSecond { get; init; } = 0.1;

    /// <summary>State that halves the worth of a move. Default 64 MiB.</summary>
    public long HeavyStateBytes { get; init; } = 64L << 20;

    /// <summary>No silo is filled beyond this share of its memory. Default 0.85.</summary>
    public double MemoryFillShare { get; init; } = 0.85;

    /// <summary>Above this share a silo gives memory away. Default 0.92.</summary>
    public double MemoryHighShare { get; init; } = 0.92;

    /// <summary>Share of a silo's cores that one version's calls may take before it wants another replica. Default 0.5.</summary>
    public double ReplicaShare { get; init; } = 0.5;

    /// <summary>Remote calls a second of one silo that are worth a replica there. Default 20.</summary>
    public double RemotePerSecondForReplica { get; init; } = 20;

    /// <summary>A replica that is called less than this by its own silo may leave when there are more than needed. Default 0.1 calls a second.</summary>
    public double UnusedPerSecond { get; init; } = 0.1;

    /// <summary>Time between two changes of one version's replicas, unless its minimum is missed. Default 30 s.</summary>
    public long ReplicaCoolDownMs { get; init; } = 30_000;

    /// <summary>For how long fewer replicas must do before one leaves. Default 5 min.</summary>
    public long RemoveAfterMs { get; init; } = 300_000;

    /// <summary>Without a call for this long a version falls to its minimum. Default 10 min.</summary>
    public long IdleAfterMs { get; init; } = 600_000;

    /// <summary>Most replicas added and removed in one look. Default 256.</summary>
    public int ReplicaChangesPerLook { get; init; } = 256;

    /// <summary>Most replicas that one silo gets in a look: loading takes it time and bandwidth. Default 2.</summary>
    public int ReplicasPerSilo { get; init; } = 2;

    /// <summary>Shards weighed up for one move. Default 24.</summary>
    public int CandidatesPerMove { get; init; } = 24;

    /// <summary>Silos weighed up for one shard, besides those that hold its versions. Default 8.</summary>
    public int TargetsPerMove { get; init; } = 8;

    /// <summary>Most reasons for doing nothing that one look keeps. Default 32.</summary>
    public int MaxHeld { get; init; } = 32;
}
