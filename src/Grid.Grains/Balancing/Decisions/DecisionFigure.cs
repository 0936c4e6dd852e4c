namespace Grid.Grains.Balancing;

/// <summary>One number that a decision rests on.</summary>
/// <param name="Name">What it is, in words of an operator.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit: <c>cores</c>, <c>share</c>, <c>calls/s</c>, <c>bytes</c>, <c>ms</c>, or <c>replicas</c>.</param>
internal readonly record struct DecisionFigure(string Name, double Value, string Unit);
