namespace Grid.Grains.Catalogue;

/// <summary>Stored rollout of a model. One entry, so that a change of traffic is one compare-and-swap.</summary>
/// <param name="Live">The version that answers, or null before the first is promoted.</param>
internal sealed record ModelEntry(string? Live);
