using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Abstractions;
using Grid.Client;
using Grid.Cluster.Tests.Ingestion;
using Grid.Grains.Predictions;
using Grid.Grains.Shards;
using Grid.Primitives;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Topics;

/// <summary>Predictions go out to a topic as they were answered, and nobody who asks for one notices how the brokers are.</summary>
public sealed class PredictionTopicTests
{
    private const string Topic = "predictions";
    private const int Partitions = 4;
    private const string Model = "flights-late";
    private const string Tenant = "SEA";

    private static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predictions_AreInTheTopicToTheBit_AndInOrderForEachEntity(bool withFiles)
    {
        using var cluster = new MockKafkaCluster(1, (Topic, Partitions));
        await using var grid = await StartAsync(cluster, isLogged: withFiles);
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var answers = new List<Prediction>();
        for (var i = 0; i < 60; i++)
        {
            answers.Add(await PredictAsync(grid, $"E{i % 6}", i));
        }

        PredictItem[] items = [.. Enumerable.Range(0, 20).Select(static i => new PredictItem("many", i == 3 ? null : Values(i)))];
        var many = await grid.Client.PredictManyAsync(Model, Tenant, items, AsOf, new PredictOptions { WithFeatures = true }, Token);
        answers.AddRange(many.Where(static a => a.Error is null));
        Assert.Equal(79, answers.Count);
        var tensor = Tensor.Create<float>("features", TensorElementType.FP32, [1, 24], answers[0].Features!);
        var byTensor = await grid.Client.InferAsync(Model, [tensor], cancellationToken: Token);

        using var reader = new TopicReader(cluster, Topic, Partitions);
        var read = await reader.UntilAsync(static read => read.Count >= 80);
        Assert.Equal(80, read.Count);
        var byId = read.ToDictionary(static r => r.Text("prediction_id"), StringComparer.Ordinal);
        foreach (var answer in answers)
        {
            var record = byId[answer.Id];
            Assert.Equal($"default/{Tenant}/{answer.Entity}", record.Key);
            Assert.Equal("application/json; charset=utf-8", record.Headers["content-type"]);
            Assert.Equal(1, record.Json.GetProperty("format").GetInt32());
            Assert.Equal(("default", Tenant, answer.Entity, Model, answer.Version, answer.Digest), (record.Text("workspace"), record.Text("tenant"), record.Text("entity"), record.Text("model"), record.Text("version"), record.Text("digest")));
            Assert.Equal(answer.AsOfMs, record.Json.GetProperty("as_of").GetDateTimeOffset().ToUnixTimeMilliseconds());
            Assert.Equal(answer.Revision, record.Json.GetProperty("catalogue_revision").GetInt64());
            Assert.True(record.Json.GetProperty("latency_us").GetInt64() > 0);
            Assert.Equal(Bits(answer.Features!), record.Bits("features"));
            Assert.Equal(Bits(answer.Values), record.Bits("outputs"));
            Assert.Equal((await grid.Client.Views.GetAsync(Token)).Generation, record.Text("views"));
        }

        var ofTensor = byId[byTensor.PredictionId!];
        Assert.Equal(($"default/tensors/{byTensor.PredictionId}", ""), (ofTensor.Key, ofTensor.Text("entity")));
        Assert.Equal(Bits(answers[0].Features!), ofTensor.Bits("features"));

        // One entity, one partition, one order.
        foreach (var entity in read.GroupBy(static r => r.Key))
        {
            Assert.Single(entity.Select(static r => r.Partition).Distinct());
            Assert.Equal(answers.Where(a => entity.Key == $"default/{Tenant}/{a.Entity}").Select(static a => a.Id), entity.Select(static r => r.Text("prediction_id")).Where(id => id != byTensor.PredictionId));
        }

        if (!withFiles)
        {
            Assert.False(Directory.Exists(Path.Combine(grid.StateFolder, "predictions")));
            return;
        }

        // What the log answers is what went out.
        var logged = await grid.Client.Predictions.GetAsync(answers[^1].Id, Token);
        var same = byId[logged.Id];
        Assert.Equal((logged.Digest, logged.Views, logged.Runtime, logged.LatencyUs), (same.Text("digest"), same.Text("views"), same.Text("runtime"), same.Json.GetProperty("latency_us").GetInt32()));
        Assert.Equal(logged.AnsweredMs, same.Json.GetProperty("answered").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(logged.TraceId, same.Json.TryGetProperty("trace_id", out var trace) ? trace.GetString() : "");
        Assert.Equal((logged.FeatureNames, logged.OutputNames), (same.Texts("feature_names"), same.Texts("output_names")), static (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
        Assert.Equal(Bits(logged.Features), same.Bits("features"));
    }

    [Fact]
    public async Task BrokersThatAreAway_CostNoAnswer_AndWhatTheyMissIsCounted()
    {
        using var cluster = new MockKafkaCluster(1, (Topic, Partitions));
        cluster.Down();
        await using var grid = await StartAsync(cluster, isLogged: false, static topic =>
        {
            topic.Timeout = TimeSpan.FromMilliseconds(300);
            topic.BufferBytes = 64 << 10;
        });
        var topic = grid.Service<PredictionRecorder>().Topic!;
        var gaps = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = Listen(grid, gaps);
        var asked = 0;

        // 1. Away at the start: more than the buffer holds is answered, and given up.
        PredictItem[] items = [.. Enumerable.Range(0, 200).Select(static i => new PredictItem("many", Values(i)))];
        Assert.All(await grid.Client.PredictManyAsync(Model, Tenant, items, AsOf, cancellationToken: Token), static answer => Assert.Null(answer.Error));
        asked += items.Length;

        await UntilAsync(() => Task.FromResult(topic.Status), status => status.Missed == asked);
        Assert.Equal((0L, 0L, GridErrorCode.Unavailable), (topic.Status.Written, topic.Status.BufferedBytes, topic.Status.Error?.Code));
        Assert.True(gaps["buffer_full"] > 0 && gaps["not_taken"] > 0, string.Join(", ", gaps));

        // 2. Back: what comes from now on arrives.
        cluster.Up();
        await UntilAsync(AskAsync, _ => topic.Status.Written > 0);

        // 3. Away in between, and back again.
        cluster.Down();
        var missed = topic.Status.Missed;
        await UntilAsync(AskAsync, _ => topic.Status.Missed > missed);
        cluster.Up();
        var written = topic.Status.Written;
        await UntilAsync(AskAsync, _ => topic.Status.Written > written + 5);

        // 4. A stop waits for what is under way; nothing is counted twice or not at all.
        await grid.DownAsync();
        Assert.Equal(asked, topic.Status.Written + topic.Status.Missed);
        Assert.Equal(topic.Status.Missed, gaps.Values.Sum());
        using var reader = new TopicReader(cluster, Topic, Partitions);
        await reader.UntilAsync(read => read.DistinctBy(static r => r.Text("prediction_id")).Count() >= topic.Status.Written);

        async Task<string> AskAsync()
        {
            asked++;
            var answer = await PredictAsync(grid, "BOS", asked);
            Assert.Null(answer.Error);
            return answer.Id;
        }
    }

    [Fact]
    public async Task AStop_WaitsForTheBrokersNoLongerThanItIsTold()
    {
        using var cluster = new MockKafkaCluster(1, (Topic, Partitions));
        cluster.Down();
        await using var grid = await StartAsync(cluster, isLogged: false, static topic =>
        {
            topic.Timeout = TimeSpan.FromHours(1);
            topic.FlushTimeout = TimeSpan.FromMilliseconds(200);
        });
        var topic = grid.Service<PredictionRecorder>().Topic!;
        await PredictAsync(grid, "BOS", 1);
        await grid.DownAsync();
        Assert.Equal((0L, 1L), (topic.Status.Written, topic.Status.Missed));
    }

    [Fact]
    public async Task SettingsThatTheClientDoesNotTake_StopTheStart()
    {
        using var cluster = new MockKafkaCluster(1, (Topic, Partitions));
        var error = await Assert.ThrowsAsync<GridException>(() => StartAsync(cluster, isLogged: false, static topic => topic.Connection.Properties["compression.type"] = "squeeze"));
        Assert.Contains("squeeze", error.Message, StringComparison.Ordinal);
    }

    private static Task<IngestGrid> StartAsync(MockKafkaCluster cluster, bool isLogged, Action<PredictionTopicOptions>? configure = null) =>
        IngestGrid.StartAsync(null, silo: silo =>
        {
            silo.Models = Path.Combine(Repository.Flights, "models");
            silo.PredictionLog.Share = 1;
            silo.PredictionLog.Enabled = isLogged;
            silo.PredictionLog.Topic = new PredictionTopicOptions { Name = Topic, Connection = FlightTopic.Connection(cluster) };
            configure?.Invoke(silo.PredictionLog.Topic);
        });

    private static RequestValues Values(int i) => new(["local_hour", "dow", "distance", "block_min"], [i % 24, i % 7, 100 + i, 60 + (i / 2f)]);

    private static async Task<Prediction> PredictAsync(IngestGrid grid, string entity, int i) =>
        await grid.Client.PredictAsync(Model, Tenant, entity, Values(i), AsOf.AddMinutes(i), new PredictOptions { WithFeatures = true }, Token);

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    private static async Task UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo(await look()))
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static MeterListener Listen(IngestGrid grid, Dictionary<string, long> gaps)
    {
        // Other silos of this process count on instruments of the same name.
        var own = grid.Service<IMeterFactory>().Create(PredictionInstruments.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter, own) && instrument.Name == "grid.predictions.topic.gaps")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var reason = (string)tags[0].Value!;
            lock (gaps)
            {
                gaps[reason] = gaps.GetValueOrDefault(reason) + value;
            }
        });
        listener.Start();
        return listener;
    }
}
