using System.Text.Json;
using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>Reads and changes the finished files of a log. Safe for concurrent use: a file never changes, it is replaced or deleted whole.</summary>
public sealed class PredictionFiles
{
    private readonly string _folder;

    internal PredictionFiles(string folder) => _folder = folder;

    /// <summary>The prediction of an id, or null where the log does not have it.</summary>
    /// <exception cref="GridException">InvalidArgument: no such ids are given. Corrupt: a file where it may be cannot be read.</exception>
    public async Task<LoggedPrediction?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        GridNames.Require("workspace", workspace);
        if (!PredictionId.TryParse(id, out var parsed))
        {
            throw GridError.Invalid($"prediction '{id}'", "is no prediction id.", "Give an id that a prediction was answered with.").ToException();
        }

        var day = PredictionPartition.DayOf(parsed.TimeMs);
        foreach (var model in Models(workspace, parsed.Tenant))
        {
            foreach (var path in FilesOf(PredictionPartition.PathOf(workspace, parsed.Tenant, model, day)))
            {
                // Most files do not have it, and their other columns need not be read to know that.
                if (Array.IndexOf(await ReadIdsAsync(path, cancellationToken), id) is >= 0 and var row && await ReadAsync(path, cancellationToken) is { } table)
                {
                    return table.Row(row);
                }
            }
        }

        return null;
    }

    /// <summary>The models that gave predictions, by id; ids that the log does not have, and texts that are none, are left out.</summary>
    /// <exception cref="GridException">Corrupt: a file where one may be cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FindModelsAsync(string workspace, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        GridNames.Require("workspace", workspace);
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        var days = ids
            .Select(static id => (Id: id, Parsed: PredictionId.TryParse(id, out var parsed) ? parsed : null))
            .Where(static id => id.Parsed is not null)
            .GroupBy(static id => (id.Parsed!.Tenant, Day: PredictionPartition.DayOf(id.Parsed.TimeMs)), static id => id.Id);
        foreach (var day in days)
        {
            var wanted = day.ToHashSet(StringComparer.Ordinal);
            foreach (var model in Models(workspace, day.Key.Tenant))
            {
                foreach (var path in FilesOf(PredictionPartition.PathOf(workspace, day.Key.Tenant, model, day.Key.Day)))
                {
                    foreach (var id in (await ReadIdsAsync(path, cancellationToken)).Where(wanted.Contains))
                    {
                        models[id] = model;
                    }
                }
            }
        }

        return models;
    }

    /// <summary>Tenants that have predictions of a model.</summary>
    public IReadOnlyList<string> Tenants(string workspace, string model)
    {
        GridNames.Require("workspace", workspace);
        GridNames.Require("model", model);
        return [.. Folders(workspace).Where(tenant => Directory.Exists(Path.Combine(_folder, workspace, tenant, model)))];
    }

    /// <summary>The days of a model's predictions, by as-of time, in [from, to), rising.</summary>
    public IReadOnlyList<DateTimeOffset> Days(string workspace, string tenant, string model, DateTimeOffset from, DateTimeOffset to)
    {
        var first = PredictionPartition.DayOf(from.ToUnixTimeMilliseconds());
        return
        [
            .. Folders(Path.Combine(GridNames.Require("workspace", workspace), GridNames.Require("tenant", tenant), GridNames.Require("model", model)))
                .Select(PredictionPartition.DayOfFolder)
                .Where(day => day >= first)
                .Select(static day => DateTimeOffset.UnixEpoch.AddDays(day!.Value))
                .Where(day => day < to)
                .Order(),
        ];
    }

    /// <summary>The files of one day, one by one.</summary>
    /// <exception cref="GridException">Corrupt: a file cannot be read.</exception>
    public async IAsyncEnumerable<PredictionTable> ReadDayAsync(
        string workspace,
        string tenant,
        string model,
        DateTimeOffset day,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in FilesOf(PredictionPartition.PathOf(workspace, tenant, model, PredictionPartition.DayOf(day.ToUnixTimeMilliseconds()))))
        {
            if (await ReadAsync(path, cancellationToken) is { } table)
            {
                yield return table;
            }
        }
    }

    /// <summary>Gaps that may concern a model's predictions, answered in [from, to) by the clock of the silo.</summary>
    public async Task<IReadOnlyList<PredictionGap>> GapsAsync(string workspace, string? model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var gaps = new List<PredictionGap>();
        var folder = Path.Combine(_folder, GapKeeper.FolderName);
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var read = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), PredictionJson.Default.Gaps) ?? [];
            gaps.AddRange(read.Where(gap => (gap.Workspace is null || gap.Workspace == workspace)
                && (model is null || gap.Model is null || gap.Model == model)
                && gap.From < to && gap.To >= from));
        }

        return gaps;
    }

    /// <summary>Writes a file where nobody looks, and moves it into place when it is on the disk.</summary>
    /// <returns>Bytes of the file.</returns>
    internal static async Task<long> WriteAsync(string staging, string path, PredictionTable table)
    {
        var temporary = Path.Combine(staging, Path.GetFileName(path) + ".tmp");
        try
        {
            long bytes;
            await using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                await PredictionFile.WriteAsync(stream, table, CancellationToken.None);
                stream.Flush(flushToDisk: true);
                bytes = stream.Length;
            }

            var folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            File.Move(temporary, path, overwrite: true);
            FolderSync.Sync(folder);
            return bytes;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes files and gaps that were written before a time, and folders that become empty.</summary>
    internal void DeleteBefore(DateTimeOffset time)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(p => PredictionFileName.WrittenAt(p) < time).ToArray())
        {
            File.Delete(path);
            var folder = Path.GetDirectoryName(path)!;
            if (PredictionPartition.DayOfFolder(Path.GetFileName(folder)) is not null && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    internal async Task<long> EraseAsync(string workspace, string tenant, string? entity, string staging, Func<IReadOnlyList<string>, Task>? erasing)
    {
        var erased = 0L;
        foreach (var model in Models(workspace, tenant))
        {
            foreach (var day in Folders(Path.Combine(workspace, tenant, model)))
            {
                foreach (var path in FilesOf(Path.Combine(workspace, tenant, model, day)))
                {
                    erased += await EraseFileAsync(path, entity, staging, erasing);
                }
            }
        }

        return erased;
    }

    private static async Task<long> EraseFileAsync(string path, string? entity, string staging, Func<IReadOnlyList<string>, Task>? erasing)
    {
        if (await ReadAsync(path, CancellationToken.None) is not { } table)
        {
            return 0;
        }

        bool Stays(int row) => entity is not null && table.Entities[row] != entity;
        var kept = table.Where(Stays);
        if (kept.Count < table.Count && erasing is not null)
        {
            await erasing([.. Enumerable.Range(0, table.Count).Where(row => !Stays(row)).Select(row => table.Ids[row])]);
        }

        if (kept.Count == 0)
        {
            File.Delete(path);
        }
        else if (kept.Count < table.Count)
        {
            await WriteAsync(staging, path, PredictionTable.Of(kept));
        }

        return table.Count - kept.Count;
    }

    /// <summary>Null for a file that is gone since it was listed.</summary>
    private static async Task<PredictionTable?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await PredictionFile.ReadAsync(path, cancellationToken);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>None for a file that is gone since it was listed.</summary>
    private static async Task<string[]> ReadIdsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await PredictionFile.ReadIdsAsync(path, cancellationToken);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private IEnumerable<string> Models(string workspace, string tenant) => Folders(Path.Combine(workspace, tenant));

    private IEnumerable<string> Folders(string path)
    {
        var folder = Path.Combine(_folder, path);
        return Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(static f => Path.GetFileName(f)).Where(static n => GridNames.IsValid(n)).Order(StringComparer.Ordinal) : [];
    }

    private string[] FilesOf(string path)
    {
        var folder = Path.Combine(_folder, path);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, $"*.{PredictionFileName.Kind}").Order(StringComparer.Ordinal)] : [];
    }
}
