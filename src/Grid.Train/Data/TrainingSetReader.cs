using System.Globalization;
using Grid.Primitives;
using Parquet;

namespace Grid.Train.Data;

/// <summary>Reads a training set from a Parquet file, whole, and sorts it by time.</summary>
internal static class TrainingSetReader
{
    /// <summary>Most values of all features: an array's limit, and 8 GB.</summary>
    private const long MaxValues = int.MaxValue - 64;

    /// <exception cref="GridException">No such file, no Parquet, columns that are missing or cannot be used, a row without a label, no rows.</exception>
    public static async Task<TrainingSet> ReadAsync(string path, TrainingColumns columns, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw GridError.NotFound($"file '{path}'", "does not exist.", "Give the path of a Parquet file.").ToException();
        }

        await using var content = File.OpenRead(path);
        var digest = await Digest.OfAsync(content, cancellationToken);
        content.Position = 0;
        try
        {
            await using var reader = await ParquetReader.CreateAsync(content, cancellationToken: cancellationToken);
            var roles = ColumnRoles.Resolve(path, reader.Schema, reader.CustomMetadata, columns);
            return await ReadAsync(reader, roles, path, digest, cancellationToken);
        }
        catch (Exception exception) when (exception is not (GridException or OperationCanceledException))
        {
            throw new GridException(GridError.Invalid($"file '{path}'", $"cannot be read as Parquet: {exception.Message}", "Write it anew."), exception);
        }
    }

    private static async Task<TrainingSet> ReadAsync(ParquetReader reader, ColumnRoles roles, string path, Digest digest, CancellationToken cancellationToken)
    {
        var width = roles.Features.Length;
        var rows = reader.RowGroups.Sum(static g => g.RowCount);
        if (rows == 0)
        {
            throw GridError.Invalid($"file '{path}'", "has no rows.", "Export a longer period.").ToException();
        }

        if (rows * width > MaxValues)
        {
            throw new GridError(GridErrorCode.TooLarge, $"file '{path}'", $"has {rows} rows of {width} features; together at most {MaxValues} values fit.", "Sample the rows.").ToException();
        }

        var features = new float[rows * width];
        var labels = new float[rows];
        var weights = roles.Weight is null ? [] : new float[rows];
        var times = roles.Time is null ? [] : new long[rows];
        var start = 0;
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var count = (int)group.RowCount;
            for (var column = 0; column < width; column++)
            {
                var values = await ColumnValues.ReadNumbersAsync(group, roles.Features[column], cancellationToken);
                for (var row = 0; row < count; row++)
                {
                    features[((start + row) * width) + column] = (float)values[row];
                }
            }

            Copy(await ColumnValues.ReadNumbersAsync(group, roles.Label, cancellationToken), labels, start);
            if (roles.Weight is not null)
            {
                Copy(await ColumnValues.ReadNumbersAsync(group, roles.Weight, cancellationToken), weights, start);
            }

            if (roles.Time is not null)
            {
                (await ColumnValues.ReadTimesAsync(group, roles.Time, cancellationToken)).CopyTo(times, start);
            }

            start += count;
        }

        Require(labels, roles.Label.Path.ToString(), static v => float.IsFinite(v), "a finite number");
        Require(weights, roles.Weight?.Path.ToString() ?? "", static v => float.IsFinite(v) && v >= 0, "a finite number, 0 or more");
        return Sort([.. roles.Features.Select(static f => f.Path.ToString())], features, labels, weights, times, (Path.GetFileName(path), digest));
    }

    private static void Copy(double[] values, float[] destination, int start)
    {
        for (var i = 0; i < values.Length; i++)
        {
            destination[start + i] = (float)values[i];
        }
    }

    private static void Require(float[] values, string column, Func<float, bool> isGood, string rule)
    {
        var bad = Array.FindIndex(values, v => !isGood(v));
        if (bad >= 0)
        {
            throw GridError.Invalid($"column '{column}'", string.Create(CultureInfo.InvariantCulture, $"is {values[bad]} in row {bad}."), $"It must be {rule}.").ToException();
        }
    }

    /// <summary>Rows of one time keep their order, so that the same file always gives the same set.</summary>
    private static TrainingSet Sort(string[] names, float[] features, float[] labels, float[] weights, long[] times, (string, Digest) source)
    {
        if (times.Length == 0 || IsSorted(times))
        {
            return new TrainingSet(names, features, labels, weights, times, source);
        }

        var width = names.Length;
        var order = Enumerable.Range(0, times.Length).ToArray();
        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        var sorted = new float[features.Length];
        for (var row = 0; row < order.Length; row++)
        {
            features.AsSpan(order[row] * width, width).CopyTo(sorted.AsSpan(row * width));
        }

        return new TrainingSet(names, sorted, Array.ConvertAll(order, i => labels[i]), weights.Length == 0 ? weights : Array.ConvertAll(order, i => weights[i]), Array.ConvertAll(order, i => times[i]), source);
    }

    private static bool IsSorted(long[] times)
    {
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] < times[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
