using Grid.Train.Data;

namespace Grid.Train.Baselines;

/// <summary>Counts a baseline over training rows.</summary>
internal static class BaselineBuilder
{
    public static ModelBaseline Build(TrainingSet set, Range range, ReadOnlySpan<double> predictions)
    {
        var rows = set.Rows(range);
        var columns = new Dictionary<string, ColumnBaseline>(StringComparer.Ordinal);
        var column = new float[rows.Count];
        for (var feature = 0; feature < rows.Width; feature++)
        {
            for (var row = 0; row < column.Length; row++)
            {
                column[row] = rows.Features[(row * rows.Width) + feature];
            }

            columns[set.Names[feature]] = ColumnBaseline.Of(column);
        }

        double labels = 0;
        for (var row = 0; row < column.Length; row++)
        {
            column[row] = (float)predictions[row];
            labels += rows.Labels[row];
        }

        columns[ModelBaseline.Prediction] = ColumnBaseline.Of(column);
        return new ModelBaseline("model.onnx", set.Source.Name, PeriodOf(set, range), rows.Count, labels / rows.Count, ColumnBaseline.BinRule, columns);
    }

    /// <summary>First and last time of some rows as ISO 8601, or null where they have none.</summary>
    public static string[]? PeriodOf(TrainingSet set, Range range)
    {
        var (start, count) = range.GetOffsetAndLength(set.Count);
        return set.TimesMs.Length == 0 || count == 0 ? null : [Text(set.TimesMs[start]), Text(set.TimesMs[start + count - 1])];

        static string Text(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }
}
