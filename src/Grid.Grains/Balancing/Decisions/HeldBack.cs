namespace Grid.Grains.Balancing;

/// <summary>Something that a rule wanted and could not have: the other half of an explanation.</summary>
/// <param name="Subject">The silo, shard or version.</param>
/// <param name="Reason">Why nothing is done, in one sentence with the numbers.</param>
internal readonly record struct HeldBack(string Subject, string Reason);
