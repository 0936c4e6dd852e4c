namespace Grid.Grains.Balancing;

/// <summary>What is remembered of a version between looks.</summary>
/// <param name="ChangedMs">When its replicas were last changed by a decision.</param>
/// <param name="MoreSinceMs">Since when more replicas are wanted; null if they are not.</param>
/// <param name="FewerSinceMs">Since when fewer would do; null if not.</param>
internal readonly record struct VersionMark(long ChangedMs, long? MoreSinceMs, long? FewerSinceMs);
