namespace Grid.Bench.Ingestion;

/// <summary>How large the freshness benchmark is.</summary>
/// <param name="Stores">Where Grid keeps the state.</param>
/// <param name="Tenants">Number of tenants.</param>
/// <param name="Burst">Events of each burst.</param>
/// <param name="WarmUps">Bursts that are not counted.</param>
/// <param name="Bursts">Bursts that are: the median of their rates is the full load.</param>
/// <param name="Probes">Records whose way is timed.</param>
/// <param name="FetchWaitMs">How long the brokers may hold a fetch that finds nothing; null for what Grid's readers ask for.</param>
internal sealed record FreshnessSettings(IReadOnlyList<string> Stores, int Tenants, int Burst, int WarmUps, int Bursts, int Probes, int? FetchWaitMs)
{
    public static FreshnessSettings Full { get; } = new(["sqlite", "postgresql"], 229, 200_000, 4, 5, 500, null);

    public static FreshnessSettings Smoke { get; } = new(["sqlite"], 5, 1_000, 0, 1, 5, null);
}
