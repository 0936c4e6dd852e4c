using Grid.Abstractions;

namespace Grid.Client;

/// <summary>The topics that features are fed from.</summary>
public interface IGridStreams
{
    /// <summary>How far the reader of each partition is, by source and partition. A source whose topic was not found yet has one row, of partition -1.</summary>
    ValueTask<IReadOnlyList<PartitionIngestStatus>> ListAsync(CancellationToken cancellationToken = default);
}
