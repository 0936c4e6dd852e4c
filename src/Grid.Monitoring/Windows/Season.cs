namespace Grid.Monitoring.Windows;

/// <summary>What a window is compared with.</summary>
public enum Season
{
    /// <summary>The baseline.</summary>
    None = 0,

    /// <summary>The window one day before: sees changes from day to day, not what is wrong every day.</summary>
    Day = 1,

    /// <summary>The window one week before.</summary>
    Week = 2,
}
