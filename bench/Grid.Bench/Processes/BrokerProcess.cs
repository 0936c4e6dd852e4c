namespace Grid.Bench.Processes;

/// <summary>Kafka brokers in memory, in a process of their own. A partition keeps 5 MiB at most: what is measured must fit.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private readonly Spawned _process;

    private BrokerProcess(Spawned process, string bootstrap) => (_process, Bootstrap) = (process, bootstrap);

    public string Bootstrap { get; }

    public static async Task<BrokerProcess> StartAsync(string topic, int partitions)
    {
        var process = await Spawned.StartDotnetAsync(Path.Combine(AppContext.BaseDirectory, "MockBroker.dll"), ["--brokers", "1", "--topic", $"{topic}:{partitions}"]);
        return new BrokerProcess(process, await process.LineAsync(static line => line.Contains(':', StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
