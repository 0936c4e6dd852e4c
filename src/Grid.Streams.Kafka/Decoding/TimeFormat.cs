namespace Grid.Streams.Kafka;

/// <summary>How an event's time is written.</summary>
public enum TimeFormat
{
    /// <summary>Unix milliseconds.</summary>
    Milliseconds = 1,

    /// <summary>Unix seconds; a fraction is taken to the millisecond.</summary>
    Seconds = 2,

    /// <summary>ISO 8601 text with an offset or Z; without one it is UTC.</summary>
    Iso = 3,
}
