using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Predictions;

namespace Grid.Silo.Doors;

internal sealed class InProcessPredictions(string workspace, PredictionLogs logs, PredictionReplayer replayer, PredictionEraser eraser) : IGridPredictions
{
    public async ValueTask<PredictionRecord> GetAsync(string id, CancellationToken cancellationToken) => await logs.GetAsync(workspace, id, cancellationToken);

    public async ValueTask<Replay> ReplayAsync(string id, CancellationToken cancellationToken) => await replayer.ReplayAsync(workspace, id, cancellationToken);

    public async ValueTask<Erasure> EraseAsync(string tenant, string? entity, CancellationToken cancellationToken) =>
        await eraser.EraseAsync(workspace, tenant, entity, cancellationToken);
}
