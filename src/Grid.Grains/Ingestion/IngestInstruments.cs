using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Abstractions;

namespace Grid.Grains.Ingestion;

/// <summary>The metrics of ingestion, meter <c>Grid.Ingestion</c>; tagged by source and partition. Thread-safe; one per host.</summary>
internal sealed class IngestInstruments
{
    public const string MeterName = "Grid.Ingestion";

    private readonly ConcurrentDictionary<PartitionIngest, TagList> _partitions = new();

    public IngestInstruments(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        Delivered = meter.CreateCounter<long>("grid.ingest.delivered", "{event}", "Events applied by shards.");
        Redelivered = meter.CreateCounter<long>("grid.ingest.redelivered", "{event}", "Events sent more than once.");
        Duplicates = meter.CreateCounter<long>("grid.ingest.duplicates", "{event}", "Events that a shard had already and skipped.");
        Gaps = meter.CreateCounter<long>("grid.ingest.gaps", "{delivery}", "Deliveries refused because the shard had less than was sent before.");
        DeadLettered = meter.CreateCounter<long>("grid.ingest.dead_lettered", "{record}", "Records that the reader set aside.");
        ParkedTotal = meter.CreateCounter<long>("grid.ingest.parkings", "{shard}", "Shards that stayed away and were parked.");
        meter.CreateObservableGauge("grid.ingest.lag", () => Read(static s => s.Lag), "{record}", "Records that the broker has and that no shard was given.");
        meter.CreateObservableGauge("grid.ingest.frontier.age", () => Read(static s => s.FrontierAgeMs / 1000.0), "s", "How long the oldest event above the frontier has been waiting for it.");
        meter.CreateObservableGauge("grid.ingest.parked", () => Read(static s => (long)s.Parked), "{shard}", "Shards that stay away and hold the frontier.");
        meter.CreateObservableGauge("grid.ingest.kept.bytes", () => Read(static s => s.KeptBytes), "By", "Events kept for sending again.");
        meter.CreateObservableGauge("grid.ingest.failed", () => Read(static s => s.State == PartitionIngestState.Failed ? 1L : 0L), "{partition}", "Partitions that only an operator can help.");
    }

    public Counter<long> Delivered { get; }

    public Counter<long> Redelivered { get; }

    public Counter<long> Duplicates { get; }

    public Counter<long> Gaps { get; }

    public Counter<long> DeadLettered { get; }

    public Counter<long> ParkedTotal { get; }

    public static TagList Tags(string source, int partition) => new() { { "source", source }, { "partition", partition } };

    public void Add(PartitionIngest partition, TagList tags) => _partitions[partition] = tags;

    public void Remove(PartitionIngest partition) => _partitions.TryRemove(partition, out _);

    private IEnumerable<Measurement<T>> Read<T>(Func<PartitionIngestStatus, T> value)
        where T : struct =>
        _partitions.Select(p => new Measurement<T>(value(p.Key.LastStatus), p.Value));
}
