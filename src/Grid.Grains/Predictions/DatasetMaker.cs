using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>Makes training sets of the log and keeps them among the artifacts, where any silo can give them out. Thread-safe.</summary>
internal sealed class DatasetMaker(
    PredictionLogs logs,
    PredictionRecorder recorder,
    DatasetRegistry datasets,
    DatasetFolder folder,
    IOutcomeStore outcomes,
    IArtifactStore artifacts,
    IOptions<GridGrainsOptions> options) : IDisposable
{
    /// <summary>How often a set is made anew because something was erased meanwhile.</summary>
    private const int Attempts = 3;

    /// <summary>One at a time: each holds a day of a tenant in memory.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="GridException">
    /// NotFound: no prediction of the period has an outcome. FailedPrecondition: silos keep logs apart. TooLarge: the file is over the limit. Unavailable: erasures follow one another.
    /// </exception>
    public async Task<Dataset> MakeAsync(DatasetRequest request, CancellationToken cancellationToken)
    {
        GridNames.Require("model", request.Model);
        await logs.RequireOneAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var erasures = await datasets.ErasuresAsync(request.Workspace, cancellationToken);
                var (info, stored) = await StoreAsync(request, cancellationToken);
                var isNew = await datasets.AddAsync(request.Workspace, stored.Digest, request.Model, info.Tenants, cancellationToken);
                if (await datasets.ErasuresAsync(request.Workspace, cancellationToken) == erasures && await artifacts.ExistsAsync(stored.Digest, cancellationToken))
                {
                    return Describe(request, info, stored);
                }

                // Whoever erased may have looked before this set was noted, and it may hold what was erased.
                if (isNew)
                {
                    await datasets.EraseAsync(request.Workspace, stored.Digest, "something was erased while it was made", cancellationToken);
                    await logs.RemoveArtifactsAsync([stored.Digest], cancellationToken);
                    await datasets.RemovedAsync(request.Workspace, stored.Digest, cancellationToken);
                }
            }

            throw GridError.Unavailable($"training set of model '{request.Model}'", "could not be made: something is erased all the time.", "Try again.", retryAfterMs: 10_000).ToException();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Opens a training set of the workspace.</summary>
    /// <exception cref="GridException">NotFound: there is none of this digest, or it was erased, and then why.</exception>
    public async Task<Stream> OpenAsync(string workspace, string digest, CancellationToken cancellationToken)
    {
        // Models are artifacts too, and other workspaces have theirs: only a training set of this one is given out.
        var isDigest = Digest.TryParse(digest, out var parsed);
        if (isDigest && await datasets.FindAsync(workspace, parsed, cancellationToken) is { IsErased: true } gone)
        {
            throw DatasetRegistry.Gone(parsed, gone).ToException();
        }

        if (isDigest
            && await artifacts.ExistsAsync(parsed, cancellationToken)
            && await artifacts.VerifiedPathOfAsync(parsed, cancellationToken) is var path
            && await DatasetFiles.ModelOfAsync(path, cancellationToken) is { } model
            && model.Workspace == workspace)
        {
            return File.OpenRead(path);
        }

        throw GridError.NotFound($"training set '{digest}'", $"is not in workspace '{workspace}'.", "Make it: grid dataset export.").ToException();
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(DatasetInfo Info, ArtifactInfo Stored)> StoreAsync(DatasetRequest request, CancellationToken cancellationToken)
    {
        var path = folder.NewPath();
        try
        {
            var info = await new DatasetExporter(recorder.Log!, outcomes).ExportAsync(request, path, cancellationToken);
            await using var content = File.OpenRead(path);
            if (content.Length > options.Value.MaxDatasetBytes)
            {
                throw new GridError(
                    GridErrorCode.TooLarge,
                    $"training set of model '{request.Model}'",
                    $"has {content.Length} bytes, over the limit of {options.Value.MaxDatasetBytes}.",
                    "Take a shorter period or one tenant, or raise GRID_MAXDATASETBYTES.").ToException();
            }

            return (info, await artifacts.PutAsync(content, options.Value.MaxDatasetBytes, cancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Dataset Describe(DatasetRequest request, DatasetInfo info, ArtifactInfo stored) => new()
    {
        Digest = stored.Digest.ToString(),
        Bytes = stored.SizeBytes,
        Model = request.Model,
        FromMs = request.From.ToUnixTimeMilliseconds(),
        ToMs = request.To.ToUnixTimeMilliseconds(),
        Rows = info.Rows,
        Unlabelled = info.Unlabelled,
        OtherVectors = info.OtherVectors,
        UnmatchedOutcomes = info.UnmatchedOutcomes,
        Features = [.. info.Features],
        Versions = new Dictionary<string, string>(info.Versions, StringComparer.Ordinal),
        Views = [.. info.Views],
        Gaps = [.. info.Gaps.Select(static gap => new DatasetGap(
            gap.Reason == PredictionGapReason.Crash ? "crash" : "buffer_full",
            gap.From.ToUnixTimeMilliseconds(),
            gap.To.ToUnixTimeMilliseconds(),
            gap.Rows))],
    };
}
