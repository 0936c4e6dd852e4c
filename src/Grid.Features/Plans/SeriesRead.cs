namespace Grid.Features.Plans;

/// <summary>One pass over a series for some windows: window w, accumulator a goes to scratch at <c>Offset + w * Accumulators.Length + a</c>.</summary>
/// <param name="WindowsMs">Longest first.</param>
/// <param name="Accumulators">Indices into the series' accumulators.</param>
/// <param name="FirstFlag">Index of the first window's flag.</param>
internal sealed record SeriesRead(SeriesPlan Series, long[] WindowsMs, int[] Accumulators, int Offset, int FirstFlag);
