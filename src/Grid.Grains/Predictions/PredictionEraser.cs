using Grid.Abstractions;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;

namespace Grid.Grains.Predictions;

/// <summary>
/// Takes a tenant, or one of its entities, out of what is kept of predictions: the log, the outcomes, and the training sets with rows of it, which are deleted whole: what is
/// taken out of a set makes another set. Where it breaks off, the same again goes on. Thread-safe.
/// </summary>
internal sealed class PredictionEraser(PredictionLogs logs, DatasetRegistry datasets, IOutcomeStore outcomes, IArtifactStore artifacts)
{
    /// <exception cref="GridException">InvalidArgument: a name is none. Unavailable: a silo or the store is away; the same again goes on.</exception>
    public async Task<Erasure> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        GridNames.Require("workspace", workspace);
        GridNames.Require("tenant", tenant);

        // 1. Outcomes that say whose they are.
        var named = await outcomes.EraseAsync(workspace, tenant, entity, cancellationToken);

        // 2. The log, and with each of its files the outcomes that only ids tie to it.
        var rows = await logs.EraseAsync(workspace, tenant, entity, cancellationToken);

        // 3. Training sets. One that is being made was either noted before this count, and is found below; or its maker finds the count changed, and makes it anew of what is left.
        await datasets.CountErasureAsync(workspace, cancellationToken);
        var sets = await EraseDatasetsAsync(workspace, tenant, entity, cancellationToken);
        return new Erasure(rows.Predictions, named + rows.Outcomes, sets);
    }

    private async Task<string[]> EraseDatasetsAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        var entries = await datasets.ListAsync(cancellationToken);
        await AdoptAsync(entries, cancellationToken);
        var gone = new List<Digest>();
        foreach (var ((_, digest), entry) in entries.Where(e => e.Key.Workspace == workspace))
        {
            if (entry.IsErased)
            {
                if (!entry.IsRemoved)
                {
                    // An erasure before this one broke off here.
                    gone.Add(digest);
                }
            }
            else if (await HasRowsAsync(digest, entry, tenant, entity, cancellationToken))
            {
                await datasets.EraseAsync(workspace, digest, entity is null ? $"it had rows of tenant '{tenant}', which was erased" : $"it had rows of an entity of tenant '{tenant}' that was erased", cancellationToken);
                gone.Add(digest);
            }
        }

        foreach (var digest in gone)
        {
            // One that was made again meanwhile, of what is left, stands.
            if (await datasets.FindAsync(workspace, digest, cancellationToken) is { IsErased: true })
            {
                await logs.RemoveArtifactsAsync([digest], cancellationToken);
                await datasets.RemovedAsync(workspace, digest, cancellationToken);
            }
        }

        return [.. gone.Select(static digest => digest.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>Notes sets that nobody has noted: older builds did not, and a maker may have died between storing and noting.</summary>
    private async Task AdoptAsync(Dictionary<(string Workspace, Digest Digest), DatasetEntry> entries, CancellationToken cancellationToken)
    {
        var known = entries.Keys.Select(static key => key.Digest).ToHashSet();
        foreach (var digest in await artifacts.FindAsync(DatasetFiles.Beginning, cancellationToken))
        {
            if (!known.Contains(digest) && await PathOfAsync(digest, cancellationToken) is { } path && await DatasetFiles.ModelOfAsync(path, cancellationToken) is { } model)
            {
                await datasets.AddAsync(model.Workspace, digest, model.Model, tenants: null, cancellationToken);
                entries[(model.Workspace, digest)] = await datasets.FindAsync(model.Workspace, digest, cancellationToken)
                    ?? throw new GridError(GridErrorCode.Internal, $"training set '{digest}'", "was noted, and is not.").ToException();
            }
        }
    }

    private async Task<bool> HasRowsAsync(Digest digest, DatasetEntry entry, string tenant, string? entity, CancellationToken cancellationToken)
    {
        if (entry.Tenants is { } tenants && !tenants.Contains(tenant, StringComparer.Ordinal))
        {
            return false;
        }

        try
        {
            return await PathOfAsync(digest, cancellationToken) is { } path && await DatasetFiles.HasRowsOfAsync(path, tenant, entity, cancellationToken);
        }
        catch (GridException e) when (e.Code == GridErrorCode.Corrupt)
        {
            // It is of no use to anybody, and may have them.
            return true;
        }
    }

    /// <summary>Null where it is not there.</summary>
    private async Task<string?> PathOfAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await artifacts.VerifiedPathOfAsync(digest, cancellationToken);
        }
        catch (GridException e) when (e.Code == GridErrorCode.NotFound)
        {
            return null;
        }
    }
}
