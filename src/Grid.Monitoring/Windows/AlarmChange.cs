namespace Grid.Monitoring.Windows;

/// <summary>What a step of an <see cref="Alarm"/> did.</summary>
internal enum AlarmChange
{
    None = 0,
    Raised = 1,
    StillOpen = 2,
    Cleared = 3,
}
