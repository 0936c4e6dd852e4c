namespace Grid.Client.Wire;

/// <summary>What an erasure took away.</summary>
public sealed record ErasedBody
{
    /// <summary>Predictions removed from the log.</summary>
    public required long Predictions { get; init; }
}
