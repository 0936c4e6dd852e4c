namespace Grid.Abstractions;

/// <summary>What became of one outcome. Values are wire format.</summary>
public enum OutcomeVerdict : byte
{
    /// <summary>Stored.</summary>
    Recorded = 1,

    /// <summary>The same value was there already.</summary>
    Duplicate = 2,

    /// <summary>Another value was there; the new one replaces it.</summary>
    Corrected = 3,
}
