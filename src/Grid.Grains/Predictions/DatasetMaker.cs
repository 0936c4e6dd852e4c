using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>Makes training sets of the log and keeps them among the artifacts, where any silo can give them out. Thread-safe.</summary>
internal sealed class DatasetMaker(PredictionLogs logs, PredictionRecorder recorder, IOutcomeStore outcomes, IArtifactStore artifacts, IOptions<GridGrainsOptions> options) : IDisposable
{
    /// <summary>One at a time: each holds a day of a tenant in memory.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="GridException">NotFound: no prediction of the period has an outcome. FailedPrecondition: silos keep logs apart. TooLarge: the file is over the limit.</exception>
    public async Task<Dataset> MakeAsync(DatasetRequest request, CancellationToken cancellationToken)
    {
        GridNames.Require("model", request.Model);
        await logs.RequireOneAsync(cancellationToken);
        var folder = Path.Combine(options.Value.CacheFolder, "datasets");
        var path = Path.Combine(folder, $"{Guid.NewGuid():n}.parquet");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Directory.CreateDirectory(folder);
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

            var stored = await artifacts.PutAsync(content, options.Value.MaxDatasetBytes, cancellationToken);
            return Describe(request, info, stored);
        }
        finally
        {
            File.Delete(path);
            _turn.Release();
        }
    }

    /// <summary>Opens a training set of the workspace.</summary>
    /// <exception cref="GridException">NotFound: there is none of this digest.</exception>
    public async Task<Stream> OpenAsync(string workspace, string digest, CancellationToken cancellationToken)
    {
        // Models are artifacts too, and other workspaces have theirs: only a training set of this one is given out.
        if (Digest.TryParse(digest, out var parsed)
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
