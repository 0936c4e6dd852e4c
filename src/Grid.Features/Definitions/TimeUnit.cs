namespace Grid.Features.Definitions;

/// <summary>Unit in which a time since the last event is given.</summary>
public enum TimeUnit
{
    Second,
    Millisecond,
    Minute,
    Hour,
    Day,
}
