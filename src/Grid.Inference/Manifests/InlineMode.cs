namespace Grid.Inference.Manifests;

/// <summary>Whether a run may happen on the caller's thread.</summary>
public enum InlineMode
{
    /// <summary>Where its measured cost is small.</summary>
    Auto = 0,

    /// <summary>Whenever a permit is free.</summary>
    Always = 1,

    /// <summary>Never: all runs go through the queue.</summary>
    Never = 2,
}
