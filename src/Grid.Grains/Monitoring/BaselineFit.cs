using System.Collections.Immutable;
using Grid.Monitoring.Baselines;

namespace Grid.Grains.Monitoring;

/// <summary>A baseline cut to what a version's rows hold.</summary>
/// <param name="Baseline">Its columns that are in the rows.</param>
/// <param name="Columns">Where in a row they are: features, then outputs.</param>
internal sealed record BaselineFit(Baseline Baseline, ImmutableArray<int> Columns)
{
    /// <summary>
    /// By name, with or without the view in front; where some names are unknown and there are as many as in the row, by place: trainers call features otherwise than views do.
    /// </summary>
    /// <returns>Null where nothing fits.</returns>
    public static BaselineFit? Of(Baseline baseline, IReadOnlyList<string> features, IReadOnlyList<string> outputs)
    {
        var inputs = Match(baseline.Features, features);
        var answers = Match(baseline.Outputs, outputs);
        return inputs.Count + answers.Count == 0
            ? null
            : new BaselineFit(
                baseline with { Features = [.. inputs.Select(static m => m.Column)], Outputs = [.. answers.Select(static m => m.Column)] },
                [.. inputs.Select(static m => m.Place), .. answers.Select(m => m.Place + features.Count)]);
    }

    private static List<(ColumnBaseline Column, int Place)> Match(ImmutableArray<ColumnBaseline> columns, IReadOnlyList<string> names)
    {
        var places = columns.Select(c => PlaceOf(c.Name, names)).ToArray();
        if (places.Any(static p => p < 0) && columns.Length == names.Count)
        {
            return [.. columns.Select(static (c, i) => (c, i))];
        }

        return [.. columns.Zip(places).Where(static pair => pair.Second >= 0).DistinctBy(static pair => pair.Second)];
    }

    private static int PlaceOf(string name, IReadOnlyList<string> names)
    {
        var bare = -1;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }

            if (names[i].EndsWith($".{name}", StringComparison.Ordinal))
            {
                // Of two views with such a feature, neither.
                bare = bare == -1 ? i : -2;
            }
        }

        return Math.Max(bare, -1);
    }
}
