namespace Grid.Features.Definitions;

/// <summary>Names of two features of the same view, for <see cref="AggregateKind.Ratio"/> and <see cref="AggregateKind.Difference"/>.</summary>
public readonly record struct FeaturePair(string First, string Second);
