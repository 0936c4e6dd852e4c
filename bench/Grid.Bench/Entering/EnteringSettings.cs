namespace Grid.Bench.Entering;

/// <summary>How large the benchmark of remote entry is.</summary>
/// <param name="Shards">Live shards over both silos.</param>
/// <param name="Callers">Callers, a call at a time each.</param>
/// <param name="Requests">Requests of a contender in a round.</param>
/// <param name="Rounds">Measured rounds; each contender once in each, in turn.</param>
/// <param name="WarmUps">Rounds before that, which are not counted.</param>
/// <param name="RestSeconds">How long the grid is watched without load.</param>
internal sealed record EnteringSettings(int Shards, int Callers, int Requests, int Rounds, int WarmUps, double RestSeconds)
{
    public static EnteringSettings Full { get; } = new(1_000, 4, 10_000, 7, 2, 30);

    public static EnteringSettings Smoke { get; } = new(20, 2, 200, 1, 0, 2);
}
