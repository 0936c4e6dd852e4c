namespace Grid.Client.Wire;

/// <summary>All traffic divided between arms; also the body of <c>PUT /v1/{workspace}/models/{model}/experiment</c>.</summary>
public sealed record ExperimentBody
{
    public required IReadOnlyList<ArmBody> Arms { get; init; }

    /// <summary><c>entity</c> (default), <c>tenant</c> or <c>request</c>.</summary>
    public string? Sticky { get; init; }
}
