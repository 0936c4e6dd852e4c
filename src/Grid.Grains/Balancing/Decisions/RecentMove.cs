namespace Grid.Grains.Balancing;

/// <summary>A move that the smoothed figures do not show in full yet, and that the cool-down still guards.</summary>
/// <param name="AtMs">When it was decided.</param>
/// <param name="From">The silo it left.</param>
/// <param name="To">The silo it went to.</param>
/// <param name="Cores">What the shard took then.</param>
/// <param name="StateBytes">What it held then.</param>
internal sealed record RecentMove(long AtMs, string From, string To, double Cores, long StateBytes);
