namespace Grid.Chaos;

/// <summary>One run.</summary>
internal sealed record ChaosOptions
{
    public required int Seed { get; init; }

    public required ChaosForm Form { get; init; }

    public int Silos { get; init; } = 3;

    /// <summary>Records of the stream. The mock brokers keep 5 MiB of each partition, and drop older ones silently: at most 50,000.</summary>
    public int Records { get; init; } = 6_000;

    /// <summary>Records a second while they flow.</summary>
    public int RecordsPerSecond { get; init; } = 1_000;

    public int PushClients { get; init; } = 3;

    /// <summary>How long a freeze lasts at least: longer than the membership takes to declare a silo dead.</summary>
    public TimeSpan Freeze { get; init; } = TimeSpan.FromSeconds(8);

    public ChaosBreak Break { get; init; }
}
