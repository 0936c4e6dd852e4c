using Grid.Abstractions;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Predictions;

/// <inheritdoc cref="IPredictionLogService"/>
[Reentrant]
internal sealed class PredictionLogService(GrainId id, Silo silo, ILoggerFactory loggerFactory, PredictionRecorder recorder)
    : GrainService(id, silo, loggerFactory), IPredictionLogService
{
    public async Task<string?> FlushAsync(CancellationToken cancellationToken)
    {
        if (recorder.Log is not { } log)
        {
            return null;
        }

        await log.FlushAsync(cancellationToken);
        return log.Identity;
    }

    // Files are read beside the scheduler, which others wait for.
    public Task<PredictionRecord?> FindAsync(string workspace, string id, CancellationToken cancellationToken) =>
        Task.Run(() => PredictionRecords.FindAsync(recorder.Log, workspace, id, cancellationToken), cancellationToken);

    public Task<Dictionary<string, string>> FindModelsAsync(string workspace, string[] ids, CancellationToken cancellationToken) =>
        Task.Run(async () => recorder.Log is { } log ? new Dictionary<string, string>(await log.Files.FindModelsAsync(workspace, ids, cancellationToken)) : [], cancellationToken);

    public async Task<long> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken) =>
        recorder.Log is { } log ? await log.EraseAsync(workspace, tenant, entity, cancellationToken) : 0;
}
