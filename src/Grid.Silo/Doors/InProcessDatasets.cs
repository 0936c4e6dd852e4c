using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Predictions;
using Grid.Storage.Predictions;

namespace Grid.Silo.Doors;

internal sealed class InProcessDatasets(string workspace, DatasetMaker maker) : IGridDatasets
{
    public async ValueTask<Dataset> ExportAsync(string model, DateTimeOffset from, DateTimeOffset to, string? tenant, string? version, CancellationToken cancellationToken) =>
        await maker.MakeAsync(new DatasetRequest(workspace, model, from, to, tenant, version), cancellationToken);

    public async ValueTask DownloadAsync(string digest, string path, CancellationToken cancellationToken)
    {
        await using var content = await maker.OpenAsync(workspace, digest, cancellationToken);
        await FileDownload.ToFileAsync($"training set '{digest}'", digest, path, target => target.CopyAsync(content, cancellationToken), cancellationToken);
    }
}
