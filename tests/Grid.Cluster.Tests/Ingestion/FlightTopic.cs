using System.Text;
using Confluent.Kafka;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;
using Grid.Samples.Flights;
using Grid.Streams.Kafka;
using Grid.TestKit;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>The mini flights as a topic of four partitions whose key is the tenant, and what their state is when they are delivered without Kafka.</summary>
internal sealed class FlightTopic
{
    public const int Partitions = 4;
    public const string Topic = "flights";
    public const string Feed = "flights-1";

    private FlightTopic(IReadOnlyList<FlightRecord> records) => Records = records;

    /// <summary>In the order of writing.</summary>
    public IReadOnlyList<FlightRecord> Records { get; }

    public IReadOnlyList<string> Tenants => [.. Records.Select(static r => r.Tenant).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The last offset of each partition; -1 where it is empty.</summary>
    public long[] Ends => [.. Enumerable.Range(0, Partitions).Select(p => Records.Count(r => r.Partition == p) - 1L)];

    public static FlightTopic Load(int most = int.MaxValue)
    {
        var data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
        var events = new List<(int Step, string Tenant, Flight Flight, bool IsArrival)>();
        foreach (var tenant in data.ReadFlights(Repository.MiniFlights).GroupBy(static f => f.Origin))
        {
            foreach (var step in FlightSteps.Of(tenant))
            {
                events.AddRange(step.Arrivals.Select(a => (step.Index, tenant.Key, a.Flight, true)));
                if (step.Flight is { } flight)
                {
                    events.Add((step.Index, tenant.Key, flight, false));
                }
            }
        }

        var ends = new long[Partitions];
        var tenants = events.Select(static e => e.Tenant).Distinct().Order(StringComparer.Ordinal).ToList();
        return new FlightTopic(
        [
            // By step, so that tenants interleave as they would in life; the sort is stable, so each tenant's order stays.
            .. events.OrderBy(static e => e.Step).Take(most).Select(e =>
            {
                var partition = tenants.IndexOf(e.Tenant) % Partitions;
                var (type, time) = e.IsArrival ? ("arrival", e.Flight.ArrivalMs) : ("departure", e.Flight.DepartureMs);
                return new FlightRecord(e.Tenant, type, time, e.Flight.Destination, e.IsArrival ? e.Flight.DelayMin : null, partition, ends[partition]++);
            }),
        ]);
    }

    public static RecordMapping Mapping() => new()
    {
        Type = ValueSource.Field("type"),
        Tenant = ValueSource.Key,
        Fields = [new FieldMapping("dest"), new FieldMapping("delay_min")],
    };

    public static KafkaConnectionOptions Connection(MockKafkaCluster cluster) => new()
    {
        BootstrapServers = cluster.BootstrapServers,
        Properties = { ["reconnect.backoff.ms"] = "20", ["reconnect.backoff.max.ms"] = "200", ["log_level"] = "0", ["fetch.error.backoff.ms"] = "20", ["retry.backoff.ms"] = "20", ["retry.backoff.max.ms"] = "200" },
    };

    /// <summary>Writes the records from one to another, in order.</summary>
    public async Task WriteAsync(MockKafkaCluster cluster, int first = 0, int count = int.MaxValue)
    {
        using var producer = new TopicProducer(cluster);
        await Task.WhenAll(Records.Skip(first).Take(count).Select(r => producer.WriteAsync(Topic, r.Partition, r.Tenant, r.Json, r.TimeMs)));
    }

    /// <summary>The digest of each tenant after the records were delivered straight to its shard.</summary>
    public async Task<IReadOnlyDictionary<string, string>> DeliverAsync(IGridClient grid)
    {
        foreach (var tenant in Records.GroupBy(static r => r.Tenant))
        {
            await grid.Tenants.CreateAsync(tenant.Key);
            var previous = -1L;
            foreach (var chunk in tenant.Chunk(500))
            {
                var batch = new EventBatchBuilder();
                foreach (var r in chunk)
                {
                    batch.Begin(r.Type).Time(r.TimeMs).Arrival(r.TimeMs).Position(r.Offset).Field("dest", r.Destination);
                    _ = r.DelayMin is { } delay ? batch.Field("delay_min", delay) : batch;
                    batch.End();
                }

                var delivery = new SourceDelivery(Feed, chunk[0].Partition.ToString(System.Globalization.CultureInfo.InvariantCulture), 1, previous, false, batch.Build());
                Assert.Equal(DeliveryStatus.Applied, (await grid.Sources.DeliverAsync(tenant.Key, 0, delivery)).Status);
                previous = chunk[^1].Offset;
            }
        }

        return await DigestsAsync(grid);
    }

    public async Task<IReadOnlyDictionary<string, string>> DigestsAsync(IGridClient grid)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tenant in Tenants)
        {
            digests[tenant] = (await grid.Tenants.GetShardAsync(tenant, 0, withDigest: true)).StateDigest;
        }

        return digests;
    }
}
