namespace Grid.Client.Wire;

/// <summary>Predictions that were answered and are not in the log.</summary>
public sealed record DatasetGapBody
{
    /// <summary><c>buffer_full</c> or <c>crash</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when, by the clock of the silo.</summary>
    public required WireTime From { get; init; }

    public required WireTime To { get; init; }

    /// <summary>How many; absent where nobody can know.</summary>
    public long? Rows { get; init; }
}
