using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Ingestion;

namespace Grid.Silo.Doors;

internal sealed class InProcessStreams(string workspace, IngestDirectory directory) : IGridStreams
{
    public async ValueTask<IReadOnlyList<PartitionIngestStatus>> ListAsync(CancellationToken cancellationToken) =>
        await directory.ReadAsync(workspace, cancellationToken);
}
