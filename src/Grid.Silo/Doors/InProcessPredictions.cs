using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Predictions;
using Grid.Primitives;

namespace Grid.Silo.Doors;

internal sealed class InProcessPredictions(string workspace, PredictionLogs logs, PredictionReplayer replayer) : IGridPredictions
{
    public async ValueTask<PredictionRecord> GetAsync(string id, CancellationToken cancellationToken) => await logs.GetAsync(workspace, id, cancellationToken);

    public async ValueTask<Replay> ReplayAsync(string id, CancellationToken cancellationToken) => await replayer.ReplayAsync(workspace, id, cancellationToken);

    public async ValueTask<long> EraseAsync(string tenant, string? entity, CancellationToken cancellationToken) =>
        await logs.EraseAsync(workspace, GridNames.Require("tenant", tenant), entity, cancellationToken);
}
