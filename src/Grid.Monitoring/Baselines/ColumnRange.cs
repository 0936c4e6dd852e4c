using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Baselines;

/// <summary>What the first pass over training rows finds out about a column.</summary>
internal sealed class ColumnRange(RowColumn column)
{
    private readonly KllSketch _quantiles = BaselineBuilder.EdgeSketch();
    private readonly SortedDictionary<double, string> _categories = [];

    public void Add(double[] values, string[]? names)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                continue;
            }

            // Vectors hold 32-bit floats: edges are made of what will be compared with them.
            var value = (float)values[i];
            _quantiles.Add(value);
            if (column.Category && _categories.Count < BaselineBuilder.MaximumCategories)
            {
                _categories.TryAdd(value, names![i]);
            }
        }
    }

    public ColumnLayout Layout(int bins) => column.Category
        ? new ColumnLayout(column.Name, new Bins(BinRule.Categories, [.. _categories.Keys]))
        : new ColumnLayout(column.Name, new Bins(BinRule.LeftClosed, Edges(bins)), _quantiles.Minimum, _quantiles.Maximum);

    public ColumnBaseline ToBaseline(ColumnLayout layout, ColumnSketch counted, bool ordered) => new()
    {
        Name = column.Name,
        Bins = layout.Bins,
        Counts = [.. counted.Bins],
        Mean = counted.Moments.Mean,
        Deviation = counted.Moments.Deviation,
        Minimum = _quantiles.Count > 0 ? _quantiles.Minimum : 0,
        Maximum = _quantiles.Count > 0 ? _quantiles.Maximum : 0,
        Nulls = counted.Nulls,
        NotFinite = counted.NotFinite,
        Autocorrelation = ordered ? counted.Autocorrelation : null,
        Quantiles = column.Category ? [] : BaselineBuilder.Quantiles(_quantiles),
        Categories = [.. _categories.Values],
    };

    private System.Collections.Immutable.ImmutableArray<double> Edges(int bins)
    {
        if (_quantiles.Count == 0)
        {
            return [];
        }

        // While the sketch still holds every value, the quantiles are exact.
        var exact = _quantiles.Held == _quantiles.Count
            ? BaselineBuilder.QuantileEdges(_quantiles.Items().Values, bins)
            : [.. Enumerable.Range(1, bins - 1).Select(i => _quantiles.Quantile((double)i / bins))];
        return BaselineBuilder.WithoutFirst(exact, _quantiles.Minimum);
    }
}
