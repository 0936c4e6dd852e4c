namespace Grid.Monitoring.Windows;

/// <summary>What became of a delta. All but <see cref="Refused"/> mean that the sender may forget it.</summary>
public enum MergeOutcome
{
    Merged = 1,

    /// <summary>It was merged before.</summary>
    Duplicate = 2,

    /// <summary>Its window is closed; its rows are counted as late.</summary>
    Late = 3,

    /// <summary>It is from a time before the process last started.</summary>
    Stale = 4,

    /// <summary>It was made under another layout, or lies in the future: nothing was changed.</summary>
    Refused = 5,
}
