using Grid.Abstractions;
using Grid.Cluster.Tests.Ingestion;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>The readers of a topic's partitions are shared among the silos, and follow them as they die, join and leave; the state is what it would be without all that.</summary>
[Collection(nameof(ClusterTests))]
public sealed class IngestMovesTests(FlightReference reference) : IClassFixture<FlightReference>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_MoveOnDeathJoinAndDrain_AndEveryEventCountsOnce()
    {
        using var broker = new MockKafkaCluster(1, (FlightTopic.Topic, FlightTopic.Partitions));
        using var folder = new TempFolder();
        var source = folder.Sub("source.yaml");
        await File.WriteAllTextAsync(
            source,
            $$"""
            source: flights
            topic: {{FlightTopic.Topic}}
            identity: {{FlightTopic.Feed}}
            connection: { bootstrap_servers: "{{broker.BootstrapServers}}" }
            mapping: { type: "field:type", tenant: key, fields: [dest, delay_min] }
            """,
            Token);
        await using var cluster = await SiloCluster.StartAsync(3, new Dictionary<string, string> { ["GRID_SOURCEFILES__0"] = source }, flights: true, withLedger: false);
        var flights = reference.Flights;
        var part = flights.Records.Count / 4;

        // 1. Shared: each partition has one reader, and all partitions have one.
        using var left = cluster.Client(0, 1);
        await flights.WriteAsync(broker, 0, part);
        await DrainedToAsync(part, "the first part is applied");

        // 2. A silo dies: its partitions are read by the others.
        await cluster.Silos[2].KillAsync();
        await flights.WriteAsync(broker, part, part);
        await DrainedToAsync(2 * part, "the others read all partitions");

        // 3. A silo joins, and one leaves: its partitions go first.
        await cluster.AddAsync();
        await flights.WriteAsync(broker, 2 * part, part);
        var leaving = await left.Cluster.DrainAsync("silo0", Token);
        Assert.Equal((0, 0), (leaving.Shards, leaving.Partitions));
        await flights.WriteAsync(broker, 3 * part);
        var ends = flights.Ends;
        var status = await SiloCluster.UntilAsync(
            () => StatusAsync(left),
            s => s.Count == ends.Length && s.All(p => p.Frontier >= ends[p.Partition] && p.Silo != leaving.Address),
            "everything is durable, and the silo that leaves reads nothing");
        Assert.Equal(FlightTopic.Partitions, status.Count);
        Assert.Equal(reference.Digests, await flights.DigestsAsync(left));

        async Task DrainedToAsync(int records, string what) =>
            await SiloCluster.UntilAsync(
                () => StatusAsync(left),
                s => s.Count == FlightTopic.Partitions && s.Sum(static p => p.Frontier + 1) >= records,
                what);
    }

    private static async Task<IReadOnlyList<PartitionIngestStatus>> StatusAsync(Client.Http.HttpGridClient grid) => await grid.Streams.ListAsync(Token);
}
