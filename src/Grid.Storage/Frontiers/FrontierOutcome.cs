namespace Grid.Storage;

/// <summary>The answer to storing a frontier.</summary>
/// <param name="IsStored">True if the row is durable; false if a newer reader holds the partition.</param>
/// <param name="CurrentEpoch">The epoch that holds the partition; 0 if nobody ever took it.</param>
public readonly record struct FrontierOutcome(bool IsStored, long CurrentEpoch);
