using Grid.Abstractions;
using Grid.Storage;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>From a topic into the shards of a real silo: nothing lost, nothing twice, whatever goes away in between.</summary>
public sealed class IngestTests(FlightReference reference) : IClassFixture<FlightReference>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FlightsThroughKafka_LeaveTheSameState_AsDeliveredDirectly()
    {
        using var cluster = Cluster();
        await reference.Flights.WriteAsync(cluster);
        await using var grid = await IngestGrid.StartAsync(cluster);
        var status = await grid.UntilDurableAsync(reference.Flights.Ends);

        Assert.Equal(reference.Digests, await reference.Flights.DigestsAsync(grid.Client));
        Assert.Equal(reference.Flights.Records.Count, status.Sum(static s => s.Delivered));
        Assert.All(status, static s => Assert.Equal((PartitionIngestState.Reading, 1L, 0L, 0L), (s.State, s.Epoch, s.Duplicates, s.Gaps)));
    }

    [Fact]
    public async Task SiloThatIsStoppedInTheMiddle_GoesOnFromTheFrontier_UnderTheNextEpoch()
    {
        using var cluster = Cluster();
        var flights = reference.Flights;
        var half = flights.Records.Count / 2;
        await flights.WriteAsync(cluster, 0, half);
        await using var grid = await IngestGrid.StartAsync(cluster);
        await grid.UntilAsync(status => status.Sum(static s => s.Delivered) == half);
        await grid.DownAsync();
        await flights.WriteAsync(cluster, half);
        await grid.UpAsync();
        var status = await grid.UntilDurableAsync(flights.Ends);

        Assert.Equal(reference.Digests, await flights.DigestsAsync(grid.Client));
        Assert.All(status, static s => Assert.Equal(2, s.Epoch));

        // A clean stop leaves the frontier at the end of what was read: nothing is read twice.
        Assert.Equal((flights.Records.Count - half, 0L), (status.Sum(static s => s.Delivered), status.Sum(static s => s.Duplicates)));
    }

    [Fact]
    public async Task BrokersThatAreDownAtTheStart_AndAgainLater_AreWaitedFor()
    {
        using var cluster = Cluster();
        var flights = reference.Flights;
        var half = flights.Records.Count / 2;
        await flights.WriteAsync(cluster, 0, half);
        cluster.Down();
        await using var grid = await IngestGrid.StartAsync(cluster);
        await grid.UntilAsync(static status => status is [{ Partition: -1, Error: not null }]);
        cluster.Up();
        await grid.UntilAsync(status => status.Sum(static s => s.Delivered) == half);

        cluster.Down();
        await grid.UntilAsync(static status => status.All(static s => s.State == PartitionIngestState.Disconnected));
        cluster.Up();
        await flights.WriteAsync(cluster, half);
        await grid.UntilDurableAsync(flights.Ends);
        Assert.Equal(reference.Digests, await flights.DigestsAsync(grid.Client));
    }

    [Fact]
    public async Task PoisonRecords_AreInTheDeadLettersOnce_AndTheFrontierPassesThem()
    {
        using var cluster = Cluster();
        var poison = new Dictionary<long, string>();
        using (var producer = new TopicProducer(cluster))
        {
            for (var offset = 0; offset < 60; offset++)
            {
                var value = offset % 20 == 7 ? "{\"type\":" : offset % 20 == 13 ? "{\"dest\":\"LAX\"}" : "{\"type\":\"departure\",\"dest\":\"LAX\"}";
                await producer.WriteAsync(FlightTopic.Topic, 0, "SEA", value, 1_000_000_000_000 + offset);
                if (offset % 20 is 7 or 13)
                {
                    poison.Add(offset, value);
                }
            }
        }

        await using var grid = await IngestGrid.StartAsync(cluster);
        await grid.UntilDurableAsync([59, -1, -1, -1]);
        await grid.DownAsync();
        await grid.UpAsync();
        await grid.UntilDurableAsync([59, -1, -1, -1]);

        var letters = await grid.Service<IDeadLetterStore>().ReadAsync("default", "", 0, 100, Token);
        Assert.Equal(poison.Keys.Select(static o => $"{o}"), letters.Select(static l => l.Letter.Position));
        Assert.Equal(poison.Values, letters.Select(static l => System.Text.Encoding.UTF8.GetString(l.Letter.Payload.Span)));
        Assert.Equal(["Malformed", "MissingType"], letters.Select(static l => l.Letter.Reason).Distinct());
        Assert.All(letters, static l => Assert.Equal("flights-1/0", l.Letter.Source));
        Assert.Equal(54f, (await grid.Client.ReadFeaturesAsync("SEA", "origin", "", ["dep_1h"], cancellationToken: Token)).Values[0]);
    }

    [Fact]
    public async Task UnknownTenant_IsPoison_WhereTenantsAreNotMadeOnFirstUse()
    {
        using var cluster = Cluster();
        using (var producer = new TopicProducer(cluster))
        {
            await producer.WriteAsync(FlightTopic.Topic, 0, "SEA", "{\"type\":\"departure\",\"dest\":\"LAX\"}", 1_000_000_000_000);
        }

        await using var grid = await IngestGrid.StartAsync(cluster, silo: static o => o.CreateTenantsOnFirstUse = false);
        await grid.UntilDurableAsync([0, -1, -1, -1]);
        var letter = Assert.Single(await grid.Service<IDeadLetterStore>().ReadAsync("default", "SEA", 0, 100, Token)).Letter;
        Assert.Equal(("UnknownTenant", "0"), (letter.Reason, letter.Position));
        Assert.Empty(await grid.Client.Tenants.ListAsync(Token));
    }

    [Fact]
    public async Task ReaderWhoseEpochWasTaken_CannotMoveTheFrontier_AndStops()
    {
        using var cluster = Cluster();
        var flights = reference.Flights;
        await flights.WriteAsync(cluster, 0, 1000);
        await using var grid = await IngestGrid.StartAsync(cluster);
        await grid.UntilAsync(static status => status.Sum(static s => s.Delivered) == 1000);
        var store = grid.Service<IFrontierStore>();
        for (var partition = 0; partition < FlightTopic.Partitions; partition++)
        {
            await store.TakeAsync(new SourcePartitionKey(FlightTopic.Feed, partition), "another", Token);
        }

        // The rest makes the old readers want to store; each is refused, stops, and is made again under a later epoch.
        await flights.WriteAsync(cluster, 1000);
        var status = await grid.UntilAsync(s => s.All(static p => p.Epoch == 3) && s.All(p => p.Frontier >= flights.Ends[p.Partition]));
        Assert.Equal(4, status.Count);
        Assert.Equal(reference.Digests, await flights.DigestsAsync(grid.Client));
    }

    [Fact]
    public async Task FrontierOutsideWhatTheBrokerHas_StopsThePartitionByName_AndNoOther()
    {
        using var cluster = Cluster();
        var flights = reference.Flights;
        await flights.WriteAsync(cluster, 0, 1000);
        await using var grid = await IngestGrid.StartAsync(cluster);
        await grid.UntilAsync(static status => status.Sum(static s => s.Delivered) == 1000);
        await grid.DownAsync();
        await flights.WriteAsync(cluster, 1000);
        cluster.DeleteRecords(FlightTopic.Topic, 0, flights.Ends[0]);
        await grid.UpAsync();

        var status = await grid.UntilAsync(s => s.Count == 4 && s[0].State == PartitionIngestState.Failed && s.Skip(1).All(p => p.Frontier >= flights.Ends[p.Partition]));
        Assert.Contains("flights#0", status[0].Error!.Target, StringComparison.Ordinal);
        Assert.Contains("offsets are gone", status[0].Error!.Message, StringComparison.Ordinal);
    }

    private static MockKafkaCluster Cluster() => new(1, (FlightTopic.Topic, FlightTopic.Partitions));
}
