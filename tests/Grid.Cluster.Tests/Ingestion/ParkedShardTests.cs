using Grid.Storage.Sqlite;
using Grid.TestKit.Kafka;
using Microsoft.Data.Sqlite;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>A shard that cannot be loaded: it is parked, its neighbours go on, and once it is back it has everything.</summary>
public sealed class ParkedShardTests(FlightReference reference) : IClassFixture<FlightReference>
{
    [Fact]
    public async Task ShardThatStaysAway_HoldsTheFrontierAndNothingElse_AndCatchesUpByAFeedOfItsOwn()
    {
        using var cluster = new MockKafkaCluster(1, (FlightTopic.Topic, FlightTopic.Partitions));
        var flights = reference.Flights;
        var ends = flights.Ends;
        var half = flights.Records.Count / 2;
        await flights.WriteAsync(cluster, 0, half);
        await using var grid = await IngestGrid.StartAsync(cluster, static source => source.ParkAfter = TimeSpan.FromMilliseconds(200));
        await grid.UntilAsync(status => status.Sum(static s => s.Delivered) == half);
        await grid.DownAsync();

        // A partition of two tenants, so that the one that is away has a neighbour.
        var partition = flights.Records.GroupBy(static r => r.Partition).First(static g => g.Select(static r => r.Tenant).Distinct().Count() > 1).Key;
        var tenant = flights.Records.First(r => r.Partition == partition).Tenant;
        Break(grid, tenant, by: 1);
        await flights.WriteAsync(cluster, half);
        await grid.UpAsync();
        var status = await grid.UntilAsync(s =>
            s.Count == ends.Length && s.All(p => p.Partition == partition ? p is { Parked: 1, KeptBytes: 0 } && p.Next > ends[partition] : p.Frontier >= ends[p.Partition]));
        Assert.True(status[partition].Frontier < ends[partition], $"the frontier {status[partition].Frontier} passed what is not durable");
        var neighbours = flights.Tenants.Where(t => t != tenant).ToList();
        foreach (var neighbour in neighbours)
        {
            Assert.Equal(reference.Digests[neighbour], (await grid.Client.Tenants.GetShardAsync(neighbour, 0, withDigest: true)).StateDigest);
        }

        Break(grid, tenant, by: -1);
        status = await grid.UntilDurableAsync(ends);
        Assert.Equal(0, status[partition].Parked);
        Assert.Equal(reference.Digests, await flights.DigestsAsync(grid.Client));
    }

    /// <summary>Changes the checksums of a shard's log: by one it cannot be loaded, by minus one it can again.</summary>
    private static void Break(IngestGrid grid, string tenant, int by)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(grid.StateFolder, SqliteGridStore.DatabaseName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "update shard_log set checksum = checksum + $by where owner_id = (select id from shard_owner where tenant = $tenant)";
        command.Parameters.AddWithValue("$by", by);
        command.Parameters.AddWithValue("$tenant", tenant);
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}
