using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>A training set that was made. Immutable.</summary>
/// <param name="Digest">Content of the file.</param>
/// <param name="Rows">Predictions with their outcomes: the rows of the file.</param>
/// <param name="Unlabelled">Predictions left out because no outcome is there (yet).</param>
/// <param name="OtherVectors">Predictions left out because their vector has other columns.</param>
/// <param name="UnmatchedOutcomes">Outcomes of the period whose prediction is not in the log.</param>
/// <param name="Features">The columns of the vector, in order.</param>
/// <param name="Versions">Content digests by version.</param>
/// <param name="Views">Digests of the views that vectors were read under.</param>
/// <param name="Gaps">Known gaps of the log that may concern the period.</param>
/// <param name="Tenants">Tenants that have rows in it.</param>
public sealed record DatasetInfo(
    Digest Digest,
    long Rows,
    long Unlabelled,
    long OtherVectors,
    long UnmatchedOutcomes,
    IReadOnlyList<string> Features,
    IReadOnlyDictionary<string, string> Versions,
    IReadOnlyList<string> Views,
    IReadOnlyList<PredictionGap> Gaps,
    IReadOnlyList<string> Tenants);
