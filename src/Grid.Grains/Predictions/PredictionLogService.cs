using Grid.Abstractions;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Predictions;

/// <inheritdoc cref="IPredictionLogService"/>
[Reentrant]
internal sealed class PredictionLogService(GrainId id, Silo silo, ILoggerFactory loggerFactory, PredictionRecorder recorder, IOutcomeStore outcomes, IArtifactStore artifacts)
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

    public async Task<ErasedRows> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        if (recorder.Log is not { } log)
        {
            return new ErasedRows(0, 0);
        }

        // Before a file loses them: once they are gone, nobody could say which outcomes were theirs.
        var ofThem = 0L;
        var predictions = await log.EraseAsync(
            workspace,
            tenant,
            entity,
            async ids => ofThem += await outcomes.EraseByIdAsync(workspace, tenant, ids, CancellationToken.None),
            cancellationToken);
        return new ErasedRows(predictions, ofThem);
    }

    public async Task RemoveArtifactsAsync(Digest[] digests, CancellationToken cancellationToken)
    {
        foreach (var digest in digests)
        {
            await artifacts.RemoveAsync(digest, cancellationToken);
        }
    }
}
