namespace Grid.Client.Wire;

/// <summary>A logged prediction that was computed again.</summary>
public sealed record ReplayBody
{
    public required PredictionRecordBody Logged { get; init; }

    /// <summary>What comes of it now, in the order of the logged outputs.</summary>
    public required WireFloats Outputs { get; init; }

    /// <summary>What computed it now.</summary>
    public required string Runtime { get; init; }

    /// <summary>Whether all outputs are the same to the bit.</summary>
    public required bool Equal { get; init; }

    /// <summary>The largest difference of an output; absent where it is not a number.</summary>
    public double? MaxDifference { get; init; }
}
