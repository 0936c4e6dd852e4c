using Grid.Samples.Flights;

namespace Grid.Silo.Demo.Drift;

/// <summary>One week of both versions.</summary>
/// <param name="Monday">Its first day.</param>
/// <param name="Old">The version that it began with.</param>
/// <param name="New">The one that was trained; null before it answered.</param>
internal sealed record DriftWeek(DateTimeOffset Monday, BinaryScores Old, BinaryScores? New);
