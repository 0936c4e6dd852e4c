namespace Grid.Bench.Measuring;

/// <summary>One contender of a benchmark under one setting.</summary>
/// <param name="Setting">What was varied.</param>
/// <param name="Contender">What was measured.</param>
/// <param name="Figures">Medians over the rounds, by name with unit.</param>
internal sealed record BenchRow(string Setting, string Contender, IReadOnlyDictionary<string, double> Figures);
