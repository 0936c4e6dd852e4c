namespace Grid.Abstractions;

/// <summary>A training set that was made of logged predictions and their outcomes, a Parquet file kept in the grid. Immutable.</summary>
public sealed record Dataset
{
    /// <summary>Content digest of the file, and its address.</summary>
    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    public required string Model { get; init; }

    /// <summary>First as-of time of its predictions, inclusive, Unix milliseconds.</summary>
    public required long FromMs { get; init; }

    /// <summary>End, exclusive, Unix milliseconds.</summary>
    public required long ToMs { get; init; }

    /// <summary>Predictions with their outcomes: the rows of the file.</summary>
    public required long Rows { get; init; }

    /// <summary>Predictions left out because no outcome is there (yet).</summary>
    public required long Unlabelled { get; init; }

    /// <summary>Predictions left out because their vector has other columns than the latest.</summary>
    public required long OtherVectors { get; init; }

    /// <summary>Outcomes of the period whose prediction is not in the log.</summary>
    public required long UnmatchedOutcomes { get; init; }

    /// <summary>The columns of the vector, in order.</summary>
    public required string[] Features { get; init; }

    /// <summary>Content digests of the versions that predicted, by name.</summary>
    public required Dictionary<string, string> Versions { get; init; }

    /// <summary>Digests of the feature views that the vectors were read under.</summary>
    public required string[] Views { get; init; }

    /// <summary>Known gaps of the log that may concern it.</summary>
    public required DatasetGap[] Gaps { get; init; }
}
