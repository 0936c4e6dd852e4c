namespace Grid.Chaos;

/// <summary>What came of one run.</summary>
internal sealed record ChaosOutcome
{
    public required ChaosOptions Options { get; init; }

    /// <summary>What the checker found wrong; empty where the run passed.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    public required string Faults { get; init; }

    public int Records { get; init; }

    public int Events { get; init; }

    public int Pushed { get; init; }

    public int PushRetries { get; init; }

    public int SetAside { get; init; }

    public int Entities { get; init; }

    public int Values { get; init; }

    public int Epochs { get; init; }

    public int Snapshots { get; init; }

    /// <summary>Silos that ended by themselves and were started again.</summary>
    public int OwnEnds { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>False where the run broke off before the checker was done.</summary>
    public bool IsFinished { get; init; } = true;

    public bool Passed => Failures.Count == 0;
}
