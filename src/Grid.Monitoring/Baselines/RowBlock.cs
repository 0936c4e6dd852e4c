namespace Grid.Monitoring.Baselines;

/// <summary>Some rows of a training file, by column.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Values">One array a column asked for, in that order; NaN where a value is missing.</param>
/// <param name="Names">For columns of categories, the texts behind the codes; null for the others.</param>
public sealed record RowBlock(int Rows, IReadOnlyList<double[]> Values, IReadOnlyList<string[]?> Names);
