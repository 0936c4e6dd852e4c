using System.Collections.Immutable;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Baselines;

/// <summary>What a feature or an output looked like in training. Immutable.</summary>
public sealed record ColumnBaseline
{
    public required string Name { get; init; }

    public required Bins Bins { get; init; }

    /// <summary>Rows in each bin.</summary>
    public required ImmutableArray<long> Counts { get; init; }

    public required double Mean { get; init; }

    /// <summary>Standard deviation.</summary>
    public required double Deviation { get; init; }

    public required double Minimum { get; init; }

    public required double Maximum { get; init; }

    public long Nulls { get; init; }

    public long NotFinite { get; init; }

    /// <summary>How much a value repeats the one before it in its group, 0 to 1; null where the training rows were not in order of time.</summary>
    public double? Autocorrelation { get; init; }

    /// <summary>Values of equal weight in rising order that stand for the distribution; empty where only the bins are known.</summary>
    public ImmutableArray<double> Quantiles { get; init; } = [];

    /// <summary>Names of the categories in the order of the bins' edges; empty for numbers.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Rows with a finite value.</summary>
    public long Count => Counts.Sum();

    internal ColumnLayout Layout => Bins.Rule == BinRule.Categories ? new ColumnLayout(Name, Bins) : new ColumnLayout(Name, Bins, Minimum, Maximum);

    /// <summary>The distribution as weighted points: its quantiles, or the middle of each bin.</summary>
    internal WeightedSample Points()
    {
        if (!Quantiles.IsEmpty)
        {
            return WeightedSample.Of(Quantiles);
        }

        double[] borders = Bins.Rule == BinRule.Categories ? [] : [Math.Min(Minimum, Bins.Edges.FirstOrDefault(Minimum)), .. Bins.Edges, Math.Max(Maximum, Bins.Edges.LastOrDefault(Maximum))];
        return Bins.Rule == BinRule.Categories
            ? WeightedSample.Of(Bins.Edges, Counts.Take(Bins.Edges.Length).Select(static c => (double)c))
            : WeightedSample.Of(Enumerable.Range(0, Bins.Count).Select(i => (borders[i] + borders[i + 1]) / 2), Counts.Select(static c => (double)c));
    }
}
