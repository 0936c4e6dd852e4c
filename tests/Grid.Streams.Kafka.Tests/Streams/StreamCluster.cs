using Grid.Streams.Kafka.Tests.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Silos with the stream provider on a mock cluster.</summary>
internal sealed class StreamCluster : IAsyncDisposable
{
    public const string Provider = "kafka";

    private readonly InProcessTestCluster _cluster;

    private StreamCluster(InProcessTestCluster cluster, Journal journal, LogBook logs)
    {
        _cluster = cluster;
        Journal = journal;
        Logs = logs;
    }

    public Journal Journal { get; }

    public LogBook Logs { get; }

    public InProcessTestCluster Cluster => _cluster;

    public static KafkaTopicOptions Own(string name, int partitions = 1) => new() { Name = name, Partitions = partitions };

    public static async Task<StreamCluster> StartAsync(KafkaFixture kafka, KafkaTopicOptions[] topics, Action<KafkaStreamOptions>? configure = null, short silos = 1, TimeSpan? maxDeliveryTime = null)
    {
        var journal = new Journal();
        var logs = new LogBook();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(journal);
            silo.Services.AddSingleton<ILoggerProvider>(logs);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                o.ProbeTimeout = TimeSpan.FromSeconds(1);
                o.NumMissedProbesLimit = 2;
                o.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                o.DefunctSiloCleanupPeriod = null;
            });
            silo.AddKafkaStreams(Provider, Configure, streams => streams.ConfigurePullingAgent(a => a.Configure(o =>
            {
                o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(20);
                o.MaxEventDeliveryTime = maxDeliveryTime ?? TimeSpan.FromSeconds(60);
            })));
        });
        builder.ConfigureClient(client => client.AddKafkaStreams(Provider, Configure));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new StreamCluster(cluster, journal, logs);

        void Configure(KafkaStreamOptions options)
        {
            var connection = KafkaFixture.Connection(kafka.Cluster);
            options.Connection.BootstrapServers = connection.BootstrapServers;
            foreach (var (name, value) in connection.Properties)
            {
                options.Connection.Properties[name] = value;
            }

            options.Reader.GroupId = "streams";
            options.Reader.MinBackoff = TimeSpan.FromMilliseconds(20);
            options.Reader.MaxBackoff = TimeSpan.FromMilliseconds(200);
            options.Reader.RequestTimeout = TimeSpan.FromSeconds(1);
            options.Reader.CommitInterval = TimeSpan.FromMilliseconds(100);
            foreach (var topic in topics)
            {
                options.Topics.Add(topic);
            }

            configure?.Invoke(options);
        }
    }

    public IAsyncStream<T> Stream<T>(string topic, string key) => _cluster.Client.GetStreamProvider(Provider).GetStream<T>(StreamId.Create(topic, key));

    /// <summary>The offset that the group has committed for a partition; -1 where there is none.</summary>
    public static async Task<long> CommittedAsync(KafkaFixture kafka, string topic, int partition = 0)
    {
        await using var reader = kafka.Reader(topic, o => (o.GroupId, o.CommitsHints) = ("streams", false), partition);
        reader.Start(KafkaStart.Committed());
        return (await reader.UntilAsync(s => s.Next >= 0)).Next;
    }

    /// <summary>Waits until the progress of a topic's first partition is at an offset, and sees that it never is beyond.</summary>
    public static async Task UntilCommittedAsync(KafkaFixture kafka, string topic, long offset)
    {
        using var deadline = KafkaFixture.Deadline();
        for (var committed = -1L; committed != offset; deadline.Token.ThrowIfCancellationRequested())
        {
            committed = await CommittedAsync(kafka, topic);
            Assert.True(committed <= offset, $"{committed} is committed, and only what lies below {offset} is delivered.");
        }
    }

    /// <summary>Events <c>e0</c>, <c>e1</c>, … of the topic orders, each sent when the one before it is acknowledged.</summary>
    public async Task SendAsync(string key, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            await Stream<string>("orders", key).OnNextAsync($"e{i}");
        }
    }

    /// <summary>The same for eight streams at once.</summary>
    public Task SendToManyAsync(int from, int count) => Task.WhenAll(Enumerable.Range(0, 8).Select(s => SendAsync("s" + s, from, count)));

    /// <summary>Waits until each of the eight streams has brought that many events, and sees that they first came in order.</summary>
    public async Task UntilAllCameAsync(int count)
    {
        await Journal.UntilAsync(e => e.Select(x => (x.Stream, x.Text)).Distinct().Count() >= 8 * count);
        for (var s = 0; s < 8; s++)
        {
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"e{i}"), Journal.Distinct("s" + s));
        }
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
