using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Ingestion;
using Grid.Storage;
using Grid.Streams.Kafka;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>The truth about predictions comes by a topic: each is stored once, and what is none is set aside.</summary>
public sealed class OutcomeTopicTests
{
    private const string Topic = "truth";
    private const string Model = "flights-late";
    private const string Tenant = "SEA";

    private static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OutcomesThroughKafka_AreStoredOnce_AndTheFrontierPassesThemAll()
    {
        using var cluster = new MockKafkaCluster(1, (Topic, 1));
        IngestSourceOptions source = null!;
        await using var grid = await IngestGrid.StartAsync(cluster, options => Configure(source = options), static silo =>
        {
            silo.Models = Path.Combine(Repository.Flights, "models");
            silo.PredictionLog.Share = 1;
        });
        var values = new RequestValues(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]);
        var answer = await grid.Client.PredictAsync(Model, Tenant, "BOS", values, AsOf, cancellationToken: Token);
        var time = AsOf.ToUnixTimeMilliseconds();
        using (var producer = new TopicProducer(cluster))
        {
            string[] records =
            [
                $$"""{"prediction_id":"{{answer.Id}}","value":1}""",
                $$"""{"prediction_id":"{{answer.Id}}","model":"{{Model}}","value":true}""",
                $$"""{"model":"{{Model}}","entity":"LAX","value":0}""",
                $$"""{"model":"{{Model}}","entity":"LAX","value":"late"}""",
                $$"""{"prediction_id":"{{answer.Id}}f","value":1}""",
                $$"""{"prediction_id":"{{answer.Id}}","value":0}""",
            ];
            foreach (var record in records)
            {
                await producer.WriteAsync(Topic, 0, Tenant, record, time);
            }
        }

        await grid.UntilDurableAsync([5]);
        await IsStoredAsync();

        // All of it once more, as after a crash that lost the frontier.
        await grid.DownAsync();
        source.Identity = "again";
        await grid.UpAsync();
        await grid.UntilDurableAsync([5]);
        await IsStoredAsync();

        async Task IsStoredAsync()
        {
            var stored = await grid.Service<IOutcomeStore>().ReadAsync("default", Tenant, Model, AsOf, AsOf.AddMinutes(1), null, 10, Token);
            Assert.Equal([(answer.Id, 0.0), (null, 0.0)], stored.Select(static o => (o.Record.PredictionId, o.Record.Value)));
            var letters = await grid.Service<IDeadLetterStore>().ReadAsync("default", Tenant, 0, 10, Token);
            Assert.Equal([("3", "Refused"), ("4", "Unmatched")], letters.Where(static l => l.Letter.Source == "truth/0").Select(static l => (l.Letter.Position, l.Letter.Reason)));
        }
    }

    private static void Configure(IngestSourceOptions source)
    {
        source.Name = Topic;
        source.Topic = Topic;
        source.Identity = null;
        source.Content = SourceContent.Outcomes;
        source.Mapping = new RecordMapping { Type = ValueSource.Constant("outcome"), Tenant = ValueSource.Key };
    }
}
