namespace Grid.Features.Plans;

/// <summary>What a vector reads of one view: one pass over each series into a scratch of doubles, then a value for each operation behind them, then the columns.</summary>
internal sealed class ViewRead(ViewPlan view, SeriesRead[] series, FeatureRead[] operations, int numbers, ColumnRead[] columns)
{
    public ViewPlan View { get; } = view;

    public SeriesRead[] Series { get; } = series;

    /// <summary>Operands of ratios and differences come before them.</summary>
    public FeatureRead[] Operations { get; } = operations;

    public ColumnRead[] Columns { get; } = columns;

    /// <summary>Doubles of scratch it needs; the values begin at <see cref="FirstValue"/>.</summary>
    public int ScratchLength => FirstValue + Operations.Length;

    public int FirstValue { get; } = numbers;
}
