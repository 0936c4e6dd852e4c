namespace Grid.Grains.Catalogue;

/// <summary>
/// Stored: where a version is wanted as a replica. Only versions whose manifest says <c>replicas</c> have one; all others are wanted on every silo.
/// Changed on the way to the first traffic, and by the balancer.
/// </summary>
/// <param name="Silos">Names of the silos, in ordinal order; empty while the version is idle.</param>
/// <param name="Reason">Why they are those, in a sentence.</param>
/// <param name="AtMs">When that was decided, Unix milliseconds.</param>
internal sealed record ReplicasEntry(string[] Silos, string Reason, long AtMs);
