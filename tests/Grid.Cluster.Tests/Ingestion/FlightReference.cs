using Grid.TestKit;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>The state that the flights have without Kafka, made once.</summary>
public sealed class FlightReference : IAsyncLifetime
{
    internal FlightTopic Flights { get; } = FlightTopic.Load();

    public IReadOnlyDictionary<string, string> Digests { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        await using var grid = await IngestGrid.StartAsync(cluster: null);
        Digests = await Flights.DeliverAsync(grid.Client);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
