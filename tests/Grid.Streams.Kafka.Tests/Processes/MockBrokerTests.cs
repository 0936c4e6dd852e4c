using System.Diagnostics;
using Confluent.Kafka;
using Grid.Streams.Kafka.Tests.Reading;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.Processes;

/// <summary>Brokers, application and test in three processes.</summary>
public sealed class MockBrokerTests
{
    [Fact]
    public async Task BrokersOfAnotherProcess_ObeyAndAreReadThroughTheirFaults()
    {
        await using var brokers = await MockBrokerProcess.StartAsync(Assembly("MockBroker"), "--brokers", "2", "--topic", "features:2");
        Assert.Equal(2, brokers.BootstrapServers.Split(',').Length);
        var clients = new KafkaClientFactory(Connection(brokers));
        using var producer = clients.CreateProducer(new ProducerConfig { Acks = Acks.All, EnableIdempotence = true, LingerMs = 0 }, b => b.SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }));
        await using var reader = new KafkaPartitionReader(clients, "features", 1, new KafkaReaderOptions { RequestTimeout = TimeSpan.FromMilliseconds(300), MinBackoff = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(200) });
        reader.Start(KafkaStart.Earliest);
        await ProduceAsync(0);
        Assert.Equal(Enumerable.Range(0, 50), await reader.NumbersAsync(50));

        Assert.Equal("ok", await brokers.SendAsync("errors 1 6 6 -195"));
        await ProduceAsync(50);
        Assert.Equal(Enumerable.Range(50, 50), await reader.NumbersAsync(50));

        Assert.Equal("ok", await brokers.SendAsync("down"));
        await reader.UntilAsync(s => s.State == KafkaReaderState.Disconnected);
        var pending = ProduceAsync(100);
        Assert.Equal("ok", await brokers.SendAsync("up"));
        await pending;
        Assert.Equal(Enumerable.Range(100, 50), await reader.NumbersAsync(50));

        Assert.Equal("ok", await brokers.SendAsync("delete-records features 1 120"));
        reader.Seek(KafkaStart.At(3));
        Assert.Equal(KafkaConditionKind.OutOfRange, (await reader.ConditionAsync()).Kind);

        Task ProduceAsync(int from) => Task.WhenAll(Enumerable.Range(from, 50).Select(i => producer.ProduceAsync(new TopicPartition("features", 1), new Message<byte[]?, byte[]?> { Value = KafkaFixture.Utf8($"{i}") })));
    }

    [Fact]
    public async Task WrongCommands_AreAnsweredWithWhatThereIs()
    {
        await using var brokers = await MockBrokerProcess.StartAsync(Assembly("MockBroker"), "--brokers", "1");
        Assert.StartsWith("error: 'dwn' is no command", await brokers.SendAsync("dwn"), StringComparison.Ordinal);
        Assert.StartsWith("error: ", await brokers.SendAsync("down seven"), StringComparison.Ordinal);
        Assert.StartsWith("error: ", await brokers.SendAsync("delete-records nothing 0 5"), StringComparison.Ordinal);
        Assert.Equal("ok", await brokers.SendAsync("rtt 5"));
        Assert.Equal("ok", await brokers.SendAsync("topic more 3"));
        Assert.Equal(0, await brokers.QuitAsync());
    }

    [Fact]
    public async Task Sample_ComesOutRightThoughFetchesAndProducesFail()
    {
        await using var brokers = await MockBrokerProcess.StartAsync(Assembly("MockBroker"), "--topic", "payments:4", "--topic", "overdrafts:1", "--topic", "payments-dead:1");
        Assert.Equal("ok", await brokers.SendAsync("errors 1 6 6 6 6"));
        Assert.Equal("ok", await brokers.SendAsync("errors 0 6 19 6"));
        using var sample = Process.Start(new ProcessStartInfo("dotnet", [Assembly("Grid.Samples.KafkaStreams"), brokers.BootstrapServers, "400"]) { RedirectStandardOutput = true })!;
        var said = sample.StandardOutput.ReadToEndAsync();
        try
        {
            await sample.WaitForExitAsync().WaitAsync(KafkaFixture.Patience);
        }
        finally
        {
            sample.Kill();
        }

        Assert.Contains("400 payments on 10 accounts, -10000 cents of -10000, 100 overdrafts: OK", await said, StringComparison.Ordinal);
        Assert.Equal(0, sample.ExitCode);
    }

    private static string Assembly(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    private static KafkaConnectionOptions Connection(MockBrokerProcess brokers) => new()
    {
        BootstrapServers = brokers.BootstrapServers,
        Properties = { ["reconnect.backoff.ms"] = "20", ["reconnect.backoff.max.ms"] = "200", ["log_level"] = "0", ["fetch.error.backoff.ms"] = "20", ["retry.backoff.ms"] = "20", ["retry.backoff.max.ms"] = "200" },
    };
}
