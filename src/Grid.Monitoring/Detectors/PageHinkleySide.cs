namespace Grid.Monitoring.Detectors;

/// <summary>Which change of the mean a <see cref="PageHinkley"/> test watches for.</summary>
internal enum PageHinkleySide
{
    Up = 1,
    Down = 2,
    Both = 3,
}
