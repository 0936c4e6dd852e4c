namespace Grid.Abstractions;

/// <summary>What the balancer does by itself. Values are wire format.</summary>
public enum BalanceMode : byte
{
    /// <summary>Looks each period and carries out what it decides.</summary>
    On = 0,

    /// <summary>Looks each period and only says what it would do.</summary>
    DryRun = 1,

    /// <summary>Looks when it is asked to, and only then.</summary>
    Off = 2,
}
