namespace Grid.Bench.Measuring;

/// <summary>A bound that a benchmark was to reach.</summary>
/// <param name="Setting">Where.</param>
/// <param name="Text">What is compared, with its unit.</param>
/// <param name="Value">Median over the rounds of the ratio or figure of each round.</param>
/// <param name="Bound">The bound.</param>
/// <param name="AtLeast">Whether the value is to be at least the bound; otherwise at most.</param>
internal sealed record BenchAim(string Setting, string Text, double Value, double Bound, bool AtLeast)
{
    public bool IsMet => AtLeast ? Value >= Bound : Value <= Bound;
}
