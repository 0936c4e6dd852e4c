namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/tenants/{tenant}/predict/{model}</c>.</summary>
public sealed record PredictBody
{
    /// <summary>Key of the main entity.</summary>
    public required string Entity { get; init; }

    /// <summary>Request-time values by name; finite numbers.</summary>
    public Dictionary<string, double>? Values { get; init; }

    /// <summary>The time the features are read as of; default now.</summary>
    public WireTime? AsOf { get; init; }

    /// <summary>A version to pin; default what the rollout says.</summary>
    public string? Version { get; init; }

    /// <summary>Milliseconds the caller still waits, 1 to 600,000; default the model's own limit.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Also answer the vector that the model saw.</summary>
    public bool? WithFeatures { get; init; }
}
