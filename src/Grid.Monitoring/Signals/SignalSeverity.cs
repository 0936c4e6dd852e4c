namespace Grid.Monitoring.Signals;

/// <summary>How much attention a signal wants.</summary>
public enum SignalSeverity
{
    Info = 1,
    Warning = 2,
    Critical = 3,
}
