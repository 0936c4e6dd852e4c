using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Inference.Repository;

/// <summary>What a scan found, good and bad: one bad entry hides no other.</summary>
/// <param name="Versions">By model, then by version (numbers in numeric order).</param>
/// <param name="Errors">What could not be taken, each naming its folder or file.</param>
public sealed record RepositoryScan(ImmutableArray<FoundVersion> Versions, ImmutableArray<GridError> Errors);
