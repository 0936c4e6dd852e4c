namespace Grid.Abstractions;

/// <summary>What an erasure took away. Immutable.</summary>
/// <param name="Predictions">Predictions removed from the log.</param>
/// <param name="Outcomes">Outcomes removed.</param>
/// <param name="Datasets">Digests of the training sets that were deleted because they had rows of what was erased.</param>
public sealed record Erasure(long Predictions, long Outcomes, string[] Datasets);
