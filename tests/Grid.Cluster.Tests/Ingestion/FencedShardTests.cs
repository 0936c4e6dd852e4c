using Grid.Primitives;
using Grid.Storage;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>Shards that lose what was applied and not yet durable, at seeded moments of the stream: their owner's epoch is taken away.</summary>
public sealed class FencedShardTests(FlightReference reference) : IClassFixture<FlightReference>
{
    private const int Fences = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ShardsThatLoseWhatWasNotDurable_GetItAgain(int seed)
    {
        var (digests, sentAgain) = await RunAsync(seed, skipsGaps: false);
        Assert.True(sentAgain > 0, $"seed {seed}: no shard ever had less than was sent");
        Assert.Equal(reference.Digests, digests);
    }

    /// <summary>The proof that the test above can fail: a reader that goes on with the next events where a shard has less than was sent.</summary>
    [Fact]
    public async Task WithReadersThatSkipGaps_StateDiffers()
    {
        var (digests, _) = await RunAsync(seed: 1, skipsGaps: true);
        Assert.NotEqual(reference.Digests, digests);
    }

    private async Task<(IReadOnlyDictionary<string, string> Digests, long SentAgain)> RunAsync(int seed, bool skipsGaps)
    {
        using var cluster = new MockKafkaCluster(1, (FlightTopic.Topic, FlightTopic.Partitions));
        var flights = reference.Flights;

        // Commits are slow, so that there is something to lose.
        await using var grid = await IngestGrid.StartAsync(
            cluster,
            source => source.FaultSkipGaps = skipsGaps,
            static silo => silo.Shards.CommitLinger = TimeSpan.FromSeconds(1));
        var random = new Random(seed);
        var store = grid.Service<IShardStore>();
        var written = 0;
        for (var i = 0; i < Fences; i++)
        {
            var count = flights.Records.Count * (i + 1) / (Fences + 1) - written;
            await flights.WriteAsync(cluster, written, count);
            written += count;
            await grid.UntilAsync(status => status.Sum(static s => s.Delivered) >= written);
            var tenant = flights.Records[random.Next(written - count, written)].Tenant;
            await store.TakeEpochsAsync([new ShardKey("default", tenant, 0)], "another", CancellationToken.None);
        }

        await flights.WriteAsync(cluster, written);
        var status = await grid.UntilDurableAsync(flights.Ends);
        return (await flights.DigestsAsync(grid.Client), status.Sum(static s => s.Redelivered));
    }
}
