namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/models/{model}/promote</c> and <c>/rollback</c>; all of it may be left out.</summary>
public sealed record StepRequestBody
{
    /// <summary>The version to promote; default the canary.</summary>
    public string? Version { get; init; }

    /// <summary>Why, for the trail.</summary>
    public string? Reason { get; init; }
}
