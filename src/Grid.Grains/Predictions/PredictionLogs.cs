using Grid.Abstractions;
using Grid.Grains.Gossip;
using Grid.Primitives;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Predictions;

/// <summary>
/// The log of the whole grid: the one folder that all silos share, or as many as there are. Each silo buffers for itself, so it is asked to write before anybody
/// reads. Thread-safe.
/// </summary>
internal sealed class PredictionLogs(IServiceProvider services, ClusterView view, PredictionRecorder recorder) : GrainServiceClient<IPredictionLogService>(services)
{
    /// <summary>Has every silo write what it buffers.</summary>
    /// <returns>A silo for each log there is; none where no silo keeps one.</returns>
    /// <exception cref="GridException">A silo is away, or cannot write.</exception>
    public async Task<IReadOnlyDictionary<string, SiloAddress>> FlushAsync(CancellationToken cancellationToken)
    {
        var silos = Silos();
        var identities = await Task.WhenAll(silos.Select(silo => AskAsync(silo, service => service.FlushAsync(cancellationToken))));
        var logs = new Dictionary<string, SiloAddress>(StringComparer.Ordinal);
        for (var i = 0; i < silos.Length; i++)
        {
            if (identities[i] is { } identity)
            {
                logs.TryAdd(identity, silos[i]);
            }
        }

        return logs;
    }

    /// <summary>Has every silo write, and makes sure that this one sees everything.</summary>
    /// <exception cref="GridException">FailedPrecondition: silos keep logs apart, or this one keeps none.</exception>
    public async Task RequireOneAsync(CancellationToken cancellationToken)
    {
        var logs = await FlushAsync(cancellationToken);
        if (recorder.Log is null)
        {
            throw new GridError(GridErrorCode.FailedPrecondition, "prediction log", "is not kept by this silo.", "Set GRID_PREDICTIONLOG__ENABLED=true.").ToException();
        }

        if (logs.Count > 1)
        {
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                "prediction log",
                $"is kept apart in {logs.Count} folders, by silos {string.Join(", ", logs.Values)}.",
                "Set GRID_PREDICTIONLOG__FOLDER to one folder that all silos share.").ToException();
        }
    }

    /// <summary>The prediction of an id, wherever it is.</summary>
    /// <exception cref="GridException">NotFound: no log has it. Unavailable: a silo that may have it is away.</exception>
    public async Task<PredictionRecord> GetAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        // 1. Here, without asking anybody.
        if (await PredictionRecords.FindAsync(recorder.Log, workspace, id, cancellationToken) is { } near)
        {
            return near;
        }

        // 2. Once everything is written, in each log once.
        foreach (var (_, silo) in await FlushAsync(cancellationToken))
        {
            if (await AskAsync(silo, service => service.FindAsync(workspace, id, cancellationToken)) is { } found)
            {
                return found;
            }
        }

        throw GridError.NotFound(
            $"prediction '{id}'",
            "is not in the log.",
            "It was not in the share that is logged (log_share in the manifest, GRID_PREDICTIONLOG__SHARE), is in a gap, or is older than the log is kept.").ToException();
    }

    /// <summary>The models that gave predictions, by id; ids that no log has are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindModelsAsync(string workspace, string[] ids, CancellationToken cancellationToken)
    {
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, silo) in await FlushAsync(cancellationToken))
        {
            foreach (var (id, model) in await AskAsync(silo, service => service.FindModelsAsync(workspace, ids, cancellationToken)))
            {
                models[id] = model;
            }
        }

        return models;
    }

    /// <summary>Takes a tenant, or one of its entities, out of every log, with the outcomes of what is taken out. The same again goes on where it broke off.</summary>
    public async Task<ErasedRows> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        var erased = new ErasedRows(0, 0);
        foreach (var (_, silo) in await FlushAsync(cancellationToken))
        {
            var rows = await AskAsync(silo, service => service.EraseAsync(workspace, tenant, entity, cancellationToken));
            erased = new ErasedRows(erased.Predictions + rows.Predictions, erased.Outcomes + rows.Outcomes);
        }

        return erased;
    }

    /// <summary>Removes artifacts, and every silo's copies of them. A silo that is down finds its own when it starts.</summary>
    public async Task RemoveArtifactsAsync(Digest[] digests, CancellationToken cancellationToken)
    {
        foreach (var silo in Silos())
        {
            await AskAsync(silo, async service =>
            {
                await service.RemoveArtifactsAsync(digests, cancellationToken);
                return true;
            });
        }
    }

    /// <summary>This silo first, so that it answers for the log that it shares.</summary>
    private SiloAddress[] Silos() => [view.Local, .. view.Active.Select(static member => member.SiloAddress).Where(silo => !silo.Equals(view.Local))];

    private async Task<T> AskAsync<T>(SiloAddress silo, Func<IPredictionLogService, Task<T>> ask)
    {
        try
        {
            return await ask(GetGrainService(silo));
        }
        catch (Exception e) when (e is not (GridException or OperationCanceledException))
        {
            throw new GridException(GridError.Unavailable($"silo '{silo}'", $"could not be asked for its log of predictions: {e.Message}", "Ask again.", retryAfterMs: 1000), e);
        }
    }
}
