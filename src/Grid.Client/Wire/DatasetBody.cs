namespace Grid.Client.Wire;

/// <summary>A training set that was made.</summary>
public sealed record DatasetBody
{
    /// <summary>Content digest of the Parquet file, and its address: <c>GET /v1/{workspace}/datasets/{digest}</c>.</summary>
    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    public required string Model { get; init; }

    /// <summary>First as-of time of its predictions, inclusive.</summary>
    public required WireTime From { get; init; }

    /// <summary>End, exclusive.</summary>
    public required WireTime To { get; init; }

    /// <summary>Predictions with their outcomes: the rows of the file.</summary>
    public required long Rows { get; init; }

    /// <summary>Predictions left out because no outcome is there (yet).</summary>
    public required long Unlabelled { get; init; }

    /// <summary>Predictions left out because their vector has other columns than the latest.</summary>
    public required long OtherVectors { get; init; }

    /// <summary>Outcomes of the period whose prediction is not in the log.</summary>
    public required long UnmatchedOutcomes { get; init; }

    /// <summary>The columns of the vector, in order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Content digests of the versions that predicted, by name.</summary>
    public required Dictionary<string, string> Versions { get; init; }

    /// <summary>Digests of the feature views that the vectors were read under.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Known gaps of the log that may concern it.</summary>
    public required IReadOnlyList<DatasetGapBody> Gaps { get; init; }
}
