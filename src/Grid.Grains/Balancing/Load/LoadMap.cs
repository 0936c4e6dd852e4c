namespace Grid.Grains.Balancing;

/// <summary>Everything that a decision looks at. Immutable; the order of the lists means nothing.</summary>
/// <param name="Silos">The reports of all silos in the cluster, the newest of each.</param>
/// <param name="Versions">Every version that is registered for traffic.</param>
internal sealed record LoadMap(IReadOnlyList<SiloLoad> Silos, IReadOnlyList<VersionLoad> Versions);
