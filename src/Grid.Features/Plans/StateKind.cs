namespace Grid.Features.Plans;

/// <summary>Kinds of state in the fixed part of a record. Part of stored state.</summary>
internal enum StateKind : byte
{
    /// <summary>8 bytes: one accumulator over all time.</summary>
    Accumulator = 1,

    /// <summary>8 bytes: the greatest event time.</summary>
    LastTime = 2,

    /// <summary>32 bytes: time, source, position and value of the newest entry.</summary>
    LastValue = 3,
}
