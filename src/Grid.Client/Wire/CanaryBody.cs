namespace Grid.Client.Wire;

/// <summary>A version on trial; also the body of <c>PUT /v1/{workspace}/models/{model}/canary</c>.</summary>
public sealed record CanaryBody
{
    public required string Version { get; init; }

    /// <summary>Percent of the traffic, over 0 and up to 100.</summary>
    public required double Share { get; init; }

    /// <summary><c>entity</c> (default), <c>tenant</c> or <c>request</c>.</summary>
    public string? Sticky { get; init; }

    /// <summary>False: the guards of the manifest change nothing by themselves. Default true.</summary>
    public bool? Automatic { get; init; }
}
