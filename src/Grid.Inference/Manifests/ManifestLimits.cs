namespace Grid.Inference.Manifests;

/// <summary>Bounds of one replica. Immutable.</summary>
public sealed record ManifestLimits
{
    /// <summary>Most rows of one run. Default 64; 1 to 4096.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>Most requests that wait. Default 1024; 1 to 1,000,000.</summary>
    public int Queue { get; init; } = 1024;

    /// <summary>Deadline of a request that brings none, in milliseconds. Default 1000; 1 to 600,000.</summary>
    public int DeadlineMs { get; init; } = 1000;

    /// <summary>Whether runs may happen on the caller's thread. Default <see cref="InlineMode.Auto"/>.</summary>
    public InlineMode Inline { get; init; }

    /// <summary>How long a request may wait for others to share its run, in milliseconds. Default 0: not at all; 0 to 1000.</summary>
    public double MaxDelayMs { get; init; }
}
