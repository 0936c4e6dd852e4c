namespace Grid.Storage;

/// <summary>What became of a reported outcome.</summary>
public enum OutcomeVerdict
{
    /// <summary>It is the first for its prediction.</summary>
    Recorded = 1,

    /// <summary>The same value is there already. Nothing changed.</summary>
    Duplicate = 2,

    /// <summary>Another value was there; this one replaced it, and the correction was counted.</summary>
    Corrected = 3,

    /// <summary>The prediction id belongs to another model. Nothing changed.</summary>
    Mismatched = 4,
}
