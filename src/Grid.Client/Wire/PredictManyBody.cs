namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/tenants/{tenant}/predict-many/{model}</c>.</summary>
public sealed record PredictManyBody
{
    /// <summary>The entities, answered in this order.</summary>
    public required IReadOnlyList<PredictItemBody> Items { get; init; }

    /// <summary>The time the features are read as of; default now.</summary>
    public WireTime? AsOf { get; init; }

    /// <summary>A version to pin; default what the rollout says.</summary>
    public string? Version { get; init; }

    /// <summary>Milliseconds the caller still waits, 1 to 600,000.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Also answer the vectors that the model saw.</summary>
    public bool? WithFeatures { get; init; }
}
