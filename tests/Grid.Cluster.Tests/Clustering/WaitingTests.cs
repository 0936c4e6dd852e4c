namespace Grid.Cluster.Tests.Clustering;

/// <summary>Tests of several silos that mostly wait, for votes and for ownership to age, run beside those that work.</summary>
[CollectionDefinition(nameof(WaitingTests))]
public sealed class WaitingTests;
