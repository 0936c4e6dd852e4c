using Grid.Chaos.Workload;

namespace Grid.Chaos.Checking;

/// <summary>An event that a view took. Source and position decide ties of event time.</summary>
internal sealed record PlainEntry(EventFields Event, ulong Source, long Position)
{
    /// <summary>Whether it is the newer of two.</summary>
    public bool IsAfter(PlainEntry other) => (Event.TimeMs, Source, Position).CompareTo((other.Event.TimeMs, other.Source, other.Position)) >= 0;
}
