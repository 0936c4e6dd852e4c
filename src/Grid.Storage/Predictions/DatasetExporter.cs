using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>
/// Joins logged vectors with their outcomes. Each vector is the one that the model saw, so nothing that came later is in it. Holds one day of one tenant at a time.
/// </summary>
public sealed class DatasetExporter(PredictionLog log, IOutcomeStore outcomes)
{
    private const int Page = 10_000;

    /// <summary>Writes the training set as a Parquet file; it appears whole or not at all.</summary>
    /// <param name="request">What to take.</param>
    /// <param name="path">The file; replaced where it is there.</param>
    /// <param name="cancellationToken">Gives up; no file appears.</param>
    /// <exception cref="GridException">NotFound: no prediction of the period has an outcome. FailedPrecondition: a feature has a name that the file needs itself.</exception>
    public async Task<DatasetInfo> ExportAsync(DatasetRequest request, string path, CancellationToken cancellationToken)
    {
        if (request.From >= request.To)
        {
            throw GridError.Invalid("from", $"is {request.From:O}, not before to, {request.To:O}.", "Give a period.").ToException();
        }

        await log.FlushAsync(cancellationToken);
        var staging = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var info = await WriteAsync(request, staging, cancellationToken);
            await using (var content = File.OpenRead(staging))
            {
                info = info with { Digest = await Digest.OfAsync(content, cancellationToken) };
            }

            File.Move(staging, path, overwrite: true);
            return info;
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            throw new GridException(FileErrors.Describe(failure, $"training set '{path}'"), failure);
        }
        finally
        {
            File.Delete(staging);
        }
    }

    private async Task<DatasetInfo> WriteAsync(DatasetRequest request, string path, CancellationToken cancellationToken)
    {
        // 1. The columns: those of the latest prediction.
        var tenants = request.Tenant is { } one ? [GridNames.Require("tenant", one)] : log.Files.Tenants(request.Workspace, request.Model);
        var layout = await LatestLayoutAsync(request, tenants, cancellationToken) ?? throw Nothing(request, "no prediction").ToException();
        if (layout.Features.FirstOrDefault(n => DatasetFile.Reserved.Contains(n, StringComparer.Ordinal)) is { } taken)
        {
            throw new GridError(GridErrorCode.FailedPrecondition, $"feature '{taken}'", "has a name that a training set uses itself.", "Rename it in the model's manifest.").ToException();
        }

        // 2. Day by day of each tenant, as the outcomes are kept.
        long rows = 0, unlabelled = 0, other = 0, unmatched = 0;
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var views = new SortedSet<string>(StringComparer.Ordinal);
        var withRows = new SortedSet<string>(StringComparer.Ordinal);
        await using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        await using var file = await DatasetFile.CreateAsync(stream, layout, cancellationToken);
        foreach (var tenant in tenants)
        {
            foreach (var day in log.Files.Days(request.Workspace, tenant, request.Model, request.From, request.To))
            {
                var truths = await OutcomesOfDay.ReadAsync(outcomes, request, tenant, day, Page, cancellationToken);
                await foreach (var table in log.Files.ReadDayAsync(request.Workspace, tenant, request.Model, day, cancellationToken))
                {
                    var labelled = Take(table, truths);
                    if (labelled.Rows.Count > 0)
                    {
                        await file.AddAsync(labelled.Rows, [.. labelled.Labels], cancellationToken);
                        versions[table.Layout.Version.Version] = table.Layout.Digest;
                        views.Add(table.Layout.Views);
                        withRows.Add(tenant);
                        rows += labelled.Rows.Count;
                    }
                }

                unmatched += truths.Unmatched;
            }
        }

        if (rows == 0)
        {
            throw Nothing(request, $"none of {unlabelled + other} predictions with an outcome").ToException();
        }

        // 3. What the file says of itself.
        var gaps = await log.Files.GapsAsync(request.Workspace, request.Model, request.From, DateTimeOffset.MaxValue, cancellationToken);
        var info = new DatasetInfo(default, rows, unlabelled, other, unmatched, layout.Features, versions, [.. views], gaps, [.. withRows]);
        await file.CompleteAsync(request, info);
        return info;

        (List<LoggedPrediction> Rows, List<double> Labels) Take(PredictionTable table, OutcomesOfDay truths)
        {
            var rowsTaken = new List<LoggedPrediction>();
            var labels = new List<double>();
            var (from, to) = (request.From.ToUnixTimeMilliseconds(), request.To.ToUnixTimeMilliseconds());
            var fits = table.Layout.HasFeaturesOf(layout) && table.Layout.Outputs.AsSpan().SequenceEqual(layout.Outputs);
            for (var i = 0; i < table.Count; i++)
            {
                if (table.TimesMs[i] < from || table.TimesMs[i] >= to || (request.Version is { } version && version != table.Layout.Version.Version))
                {
                    continue;
                }

                var hasTruth = truths.TryTake(table.Ids[i], table.Entities[i], table.TimesMs[i], out var label);
                if (!fits)
                {
                    other++;
                }
                else if (!hasTruth)
                {
                    unlabelled++;
                }
                else
                {
                    rowsTaken.Add(table.Row(i));
                    labels.Add(label);
                }
            }

            return (rowsTaken, labels);
        }
    }

    private async Task<PredictionLayout?> LatestLayoutAsync(DatasetRequest request, IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        PredictionLayout? latest = null;
        var latestAt = long.MinValue;
        foreach (var tenant in tenants)
        {
            foreach (var day in log.Files.Days(request.Workspace, tenant, request.Model, request.From, request.To).TakeLast(1))
            {
                await foreach (var table in log.Files.ReadDayAsync(request.Workspace, tenant, request.Model, day, cancellationToken))
                {
                    if (table.AtMs.Max() > latestAt && (request.Version is null || request.Version == table.Layout.Version.Version))
                    {
                        latest = table.Layout;
                        latestAt = table.AtMs.Max();
                    }
                }
            }
        }

        return latest;
    }

    private static GridError Nothing(DatasetRequest request, string what) => GridError.NotFound(
        $"model '{request.Model}'",
        $"has {what} in the log from {request.From:O} to {request.To:O}.",
        "Report outcomes, choose another period, or raise the share of predictions that is logged.");
}
