using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>SIGKILL of the silo's process at seeded moments of the stream; the next one goes on from the stored frontier.</summary>
public sealed class KilledIngestTests(FlightReference reference) : IClassFixture<FlightReference>
{
    private const int Kills = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Assembly => typeof(Silo.Hosting.GridSilo).Assembly.Location;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task StateAfterKills_EqualsDirectDelivery(int seed)
    {
        var (digests, duplicates) = await RunAsync(seed, ignoreMarks: false);
        Assert.True(duplicates > 0, $"seed {seed}: no event was ever sent to a shard that had it");
        Assert.Equal(reference.Digests, digests);
    }

    /// <summary>The proof that the test above can fail: the same run with marks that are not obeyed.</summary>
    [Fact]
    public async Task WithBrokenMarks_StateDiffers()
    {
        var (digests, _) = await RunAsync(seed: 1, ignoreMarks: true);
        Assert.NotEqual(reference.Digests, digests);
    }

    private async Task<(IReadOnlyDictionary<string, string> Digests, long Duplicates)> RunAsync(int seed, bool ignoreMarks)
    {
        using var cluster = new MockKafkaCluster(1, (FlightTopic.Topic, FlightTopic.Partitions));
        using var folder = new TempFolder();
        var flights = reference.Flights;
        var source = folder.Sub("source.yaml");
        await File.WriteAllTextAsync(source, $$"""
            source: flights
            topic: {{FlightTopic.Topic}}
            identity: {{FlightTopic.Feed}}
            connection: { bootstrap_servers: "{{cluster.BootstrapServers}}" }
            mapping: { type: "field:type", tenant: key, fields: [dest, delay_min] }
            """);
        var environment = new Dictionary<string, string> { ["GRID_SOURCEFILES__0"] = source };
        if (ignoreMarks)
        {
            environment["GRID_FAULTIGNOREMARKS"] = "true";
        }

        var random = new Random(seed);
        var silo = await SiloProcess.StartAsync(Assembly, folder.Sub("state"), environment: environment);
        var address = silo.Address;
        using var grid = new HttpGridClient(new GridClientOptions { Addresses = [address], RequestTimeout = Patience, MaxAttempts = 20, RetryMaxDelay = TimeSpan.FromSeconds(1) });
        try
        {
            var written = 0;
            long duplicates = 0;
            for (var kill = 0; kill < Kills; kill++)
            {
                // Some is durable, some applied, some under way, some only in the topic when the process dies.
                var count = flights.Records.Count / (Kills + 1);
                await flights.WriteAsync(cluster, written, count);
                written += count;
                var at = random.Next(count / 4, count);
                var status = await UntilAsync(grid, s => s.Sum(static p => p.Next) >= written - count + at);
                duplicates += status.Sum(static p => p.Duplicates);
                await silo.KillAsync();
                silo = await SiloProcess.StartAsync(Assembly, folder.Sub("state"), address, environment);
            }

            await flights.WriteAsync(cluster, written);
            var ends = flights.Ends;
            var end = await UntilAsync(grid, s => s.Count == ends.Length && s.All(p => p.Frontier >= ends[p.Partition]));
            return (await flights.DigestsAsync(grid), duplicates + end.Sum(static p => p.Duplicates));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<PartitionIngestStatus>> UntilAsync(HttpGridClient grid, Func<IReadOnlyList<PartitionIngestStatus>, bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var status = await grid.Streams.ListAsync(deadline.Token);
            if (isSo(status))
            {
                return status;
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
