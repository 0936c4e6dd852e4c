namespace Grid.Cluster.Tests.Crashes;

/// <summary>What a run left behind.</summary>
/// <param name="Digests">State digest by tenant.</param>
/// <param name="Predictions">Predictions answered in between.</param>
/// <param name="Kills">Kills that hit the stream while it ran.</param>
public sealed record KilledRunOutcome(IReadOnlyDictionary<string, string> Digests, long Predictions, int Kills);
