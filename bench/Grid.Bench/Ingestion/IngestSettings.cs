namespace Grid.Bench.Ingestion;

/// <summary>How large the ingestion benchmark is.</summary>
/// <param name="Stores">Where Grid keeps the state: <c>sqlite</c>, <c>postgresql</c>.</param>
/// <param name="Tenants">Numbers of tenants.</param>
/// <param name="Events">Events of a round; must fit what the brokers keep.</param>
/// <param name="Rounds">Measured rounds; each contender once in each, in rotating order.</param>
/// <param name="WarmUps">Rounds before that, which are not counted.</param>
internal sealed record IngestSettings(IReadOnlyList<string> Stores, IReadOnlyList<int> Tenants, int Events, int Rounds, int WarmUps)
{
    public static IngestSettings Full { get; } = new(["sqlite", "postgresql"], [1, 229, 10_000], 200_000, 5, 6);

    public static IngestSettings Smoke { get; } = new(["sqlite"], [20], 2_000, 1, 0);
}
