namespace Grid.Cluster.Tests.Clustering;

/// <summary>Tests that start several silos run one after the other: three processes fill a small machine.</summary>
[CollectionDefinition(nameof(ClusterTests))]
public sealed class ClusterTests;
