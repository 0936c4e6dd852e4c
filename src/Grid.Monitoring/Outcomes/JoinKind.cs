namespace Grid.Monitoring.Outcomes;

/// <summary>What became of an outcome.</summary>
public enum JoinKind
{
    Joined = 1,

    /// <summary>The same label was known.</summary>
    Duplicate = 2,

    /// <summary>Another label was known, and is replaced.</summary>
    Corrected = 3,

    /// <summary>Its prediction has not been seen: it is kept for a while.</summary>
    Waiting = 4,
}
