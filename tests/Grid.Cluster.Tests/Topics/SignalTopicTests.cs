using Grid.Abstractions;
using Grid.Cluster.Tests.Ingestion;
using Grid.Grains.Signals;
using Grid.Monitoring.Retraining;
using Grid.Primitives;
using Grid.Streams.Kafka;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Topics;

/// <summary>What a silo says about its models goes out to a topic.</summary>
public sealed class SignalTopicTests
{
    private const string Topic = "signals";
    private const string Model = "flights-late";

    private static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASignal_IsInTheTopicAsACloudEvent_OnceTheBrokersAreThere()
    {
        using var cluster = new MockKafkaCluster(1, (Topic, 1));
        cluster.Down();
        await using var grid = await IngestGrid.StartAsync(null, silo: silo =>
        {
            silo.Models = Path.Combine(Repository.Flights, "models");
            silo.Monitoring.Period = TimeSpan.FromMilliseconds(100);
            silo.Monitoring.Retraining = new RetrainOptions { MinimumRows = 1 };
            silo.Monitoring.Signals.Source = "/grid/test";
            silo.Monitoring.Signals.Topic = new EventTopicOptions { Name = Topic, Connection = new KafkaConnectionOptions { BootstrapServers = cluster.BootstrapServers } };
        });

        // A request to train, which wants outcomes that are measured, is a signal too.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            await timer.WaitForNextTickAsync(deadline.Token);
            var answer = await grid.Client.PredictAsync(Model, "SEA", "BOS", new RequestValues(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]), AsOf, cancellationToken: Token);
            await grid.Client.ReportOutcomeAsync("SEA", [new Outcome(answer.Id, Model, "", 0, 1)], Token);
        }
        while (!await IsAskedForAsync(grid, deadline.Token));

        var signal = Assert.Single(await grid.Client.Signals.ListAsync(Model, cancellationToken: Token), static s => s.Type == "retrain");
        cluster.Up();
        using var reader = new TopicReader(cluster, Topic, 1);
        var taken = (await reader.UntilAsync(static read => read.Any(static r => r.Text("type") == "grid.signal.retrain.open"))).First(static r => r.Text("type") == "grid.signal.retrain.open");

        Assert.Equal("application/cloudevents+json; charset=utf-8", taken.Headers["content-type"]);
        Assert.Equal(("1.0", "/grid/test", "application/json"), (taken.Text("specversion"), taken.Text("source"), taken.Text("datacontenttype")));
        Assert.StartsWith($"{signal.Id}/open/", taken.Text("id"), StringComparison.Ordinal);
        Assert.StartsWith($"default/{Model}/", taken.Text("subject"), StringComparison.Ordinal);
        Assert.Equal(taken.Key, taken.Text("dedupekey"));
        Assert.True(taken.Json.GetProperty("time").TryGetDateTimeOffset(out _));

        // The model itself is told of under its own key: its versions, and that one of them is live.
        var live = (await reader.UntilAsync(static read => read.Any(static r => r.Text("type") == "grid.model.rollout-live"))).First(static r => r.Text("type") == "grid.model.rollout-live");
        Assert.Equal(($"default/{Model}", $"default/{Model}/rollout/1"), (live.Key, live.Text("id")));
        Assert.Equal((Model, "default"), (taken.Json.GetProperty("data").GetProperty("model").GetString(), taken.Json.GetProperty("data").GetProperty("workspace").GetString()));
    }

    /// <summary>Not before the monitor has heard of an answer with its outcome.</summary>
    private static async Task<bool> IsAskedForAsync(IngestGrid grid, CancellationToken cancellationToken)
    {
        try
        {
            return (await grid.Client.Signals.RetrainAsync(Model, "ann", cancellationToken)).Start;
        }
        catch (GridException e) when (e.Code is GridErrorCode.NotFound or GridErrorCode.FailedPrecondition)
        {
            return false;
        }
    }
}
