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

    /// <summary>Not stored: the prediction was another model's.</summary>
    Mismatched = 4,

    /// <summary>Not stored: the log has no prediction of this id, and the outcome does not say which model it was. Naming the model stores it all the same.</summary>
    Unmatched = 5,

    /// <summary>Not stored: it is wrong in itself, and will be wrong again.</summary>
    Refused = 6,
}
