namespace Grid.Client.Wire;

/// <summary>What an erasure took away.</summary>
public sealed record ErasedBody
{
    /// <summary>Predictions removed from the log.</summary>
    public required long Predictions { get; init; }

    /// <summary>Outcomes removed.</summary>
    public long Outcomes { get; init; }

    /// <summary>Digests of the training sets that were deleted because they had rows of what was erased.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];
}
