namespace Grid.Features.Records;

/// <summary>What a running number over entries holds. Part of stored state.</summary>
internal enum AccumulatorKind : byte
{
    /// <summary>How many entries contribute.</summary>
    Count = 1,
    Sum = 2,
    Min = 3,
    Max = 4,

    /// <summary>Value of the newest entry that contributes; NaN where none does.</summary>
    Last = 5,
}
