using System.Diagnostics.Metrics;

namespace Grid.Storage;

/// <summary>The measurements of one store, on the meter <c>Grid.Storage</c>. Costs a check each while nobody listens. Thread-safe.</summary>
internal sealed class StoreInstruments : IDisposable
{
    public const string MeterName = "Grid.Storage";

    private readonly Meter _meter;

    /// <param name="scope">The store, so that listeners can tell the stores of one process apart.</param>
    public StoreInstruments(object scope)
    {
        _meter = new Meter(MeterName, version: null, tags: null, scope);
        BatchSize = _meter.CreateHistogram<int>("grid.storage.append.batch", "{block}", "Blocks that shared a transaction.");
        CommitDuration = _meter.CreateHistogram<double>("grid.storage.commit.duration", "s", "Time of one group commit, from its first statement to durable.");
        AppendedBytes = _meter.CreateCounter<long>("grid.storage.append.size", "By", "Payload bytes committed to logs.");
        SnapshotBytes = _meter.CreateCounter<long>("grid.storage.snapshot.size", "By", "Page bytes written for snapshots.");
        Fenced = _meter.CreateCounter<long>("grid.storage.fenced", "{block}", "Blocks refused because another owner holds the shard.");
        Retries = _meter.CreateCounter<long>("grid.storage.commit.retries", "{transaction}", "Group commits that failed as a whole and were tried again, whole or in halves.");
        Refused = _meter.CreateCounter<long>("grid.storage.refused", "{block}", "Blocks that could not be written.");
    }

    public Histogram<int> BatchSize { get; }

    public Histogram<double> CommitDuration { get; }

    public Counter<long> AppendedBytes { get; }

    public Counter<long> SnapshotBytes { get; }

    public Counter<long> Fenced { get; }

    public Counter<long> Retries { get; }

    public Counter<long> Refused { get; }

    public void Dispose() => _meter.Dispose();
}
