namespace Grid.Monitoring.Signals;

/// <summary>Where a signal is in its life.</summary>
public enum SignalStatus
{
    Open = 1,

    /// <summary>Somebody has seen it; it is still true.</summary>
    Acknowledged = 2,

    /// <summary>No longer true.</summary>
    Cleared = 3,
}
