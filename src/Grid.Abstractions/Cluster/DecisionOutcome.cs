namespace Grid.Abstractions;

/// <summary>What became of a decision of the balancer. Values are wire format.</summary>
public enum DecisionOutcome : byte
{
    /// <summary>Is being carried out, or waits for its turn.</summary>
    Pending = 0,

    /// <summary>Was carried out.</summary>
    Done = 1,

    /// <summary>Could not be carried out; everything is where it was.</summary>
    Failed = 2,

    /// <summary>Was never meant to be carried out.</summary>
    DryRun = 3,
}
