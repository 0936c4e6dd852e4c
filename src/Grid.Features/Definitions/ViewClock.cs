namespace Grid.Features.Definitions;

/// <summary>Against which time an event is judged late or ahead of its time.</summary>
public enum ViewClock
{
    /// <summary>Its arrival time and its source's watermark.</summary>
    Arrival,

    /// <summary>Its source's watermark alone, for history and demos; nothing is from the future.</summary>
    Event,
}
