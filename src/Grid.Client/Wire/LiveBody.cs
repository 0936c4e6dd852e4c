namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/models/{model}/live</c>.</summary>
public sealed record LiveBody
{
    /// <summary>The version that takes all traffic.</summary>
    public required string Version { get; init; }
}
