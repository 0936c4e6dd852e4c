using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Ingestion;
using Grid.Silo.Hosting;
using Grid.Streams.Kafka;
using Grid.TestKit;
using Grid.TestKit.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>A silo that is fed from a topic, over a folder of its own; can be stopped and started again on what it stored.</summary>
internal sealed class IngestGrid : IAsyncDisposable
{
    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly GridSiloOptions _options;
    private GridSilo? _silo;

    private IngestGrid(GridSiloOptions options) => _options = options;

    public string StateFolder => _options.StateFolder;

    public GridSilo Silo => _silo ?? throw new InvalidOperationException("The silo is down.");

    public IGridClient Client => Silo.Client();

    public IGrainFactory Grains => Silo.Services.GetRequiredService<IGrainFactory>();

    public T Service<T>()
        where T : notnull => Silo.Services.GetRequiredService<T>();

    public static async Task<IngestGrid> StartAsync(MockKafkaCluster? cluster, Action<IngestSourceOptions>? configure = null, Action<GridSiloOptions>? silo = null)
    {
        var options = new GridSiloOptions { HttpAddress = "http://127.0.0.1:0", Views = [Path.Combine(Repository.Flights, "views")] };
        silo?.Invoke(options);
        if (cluster is not null)
        {
            var source = new IngestSourceOptions
            {
                Name = "flights",
                Topic = FlightTopic.Topic,
                Identity = FlightTopic.Feed,
                Connection = FlightTopic.Connection(cluster),
                Mapping = FlightTopic.Mapping(),
                FrontierInterval = TimeSpan.FromMilliseconds(100),
                AskInterval = TimeSpan.FromMilliseconds(20),
                Reader = new KafkaReaderOptions { MinBackoff = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(200) },
            };
            configure?.Invoke(source);
            options.Sources = [source];
        }

        var grid = new IngestGrid(options);
        options.StateFolder = grid._folder.Sub("state");
        await grid.UpAsync();
        return grid;
    }

    public async Task UpAsync() => _silo = await GridSilo.StartAsync(_options);

    public async Task DownAsync()
    {
        await Silo.DisposeAsync();
        _silo = null;
    }

    public Task<IReadOnlyList<PartitionIngestStatus>> StatusAsync() => Service<IngestDirectory>().ReadAsync("default", CancellationToken.None);

    /// <summary>Waits until the partitions are as they should be.</summary>
    public async Task<IReadOnlyList<PartitionIngestStatus>> UntilAsync(Func<IReadOnlyList<PartitionIngestStatus>, bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        IReadOnlyList<PartitionIngestStatus> status = [];
        try
        {
            do
            {
                status = await StatusAsync();
            }
            while (!isSo(status) && await timer.WaitForNextTickAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The partitions never came to be as expected: {string.Join("\n", status)}");
        }

        return status;
    }

    /// <summary>Waits until everything up to these offsets is durable in every shard.</summary>
    public Task<IReadOnlyList<PartitionIngestStatus>> UntilDurableAsync(long[] ends) =>
        UntilAsync(status => status.Count == ends.Length && status.All(s => s.Frontier >= ends[s.Partition]));

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _folder.Dispose();
    }
}
