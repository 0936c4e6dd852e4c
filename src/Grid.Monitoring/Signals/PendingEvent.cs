using System.Collections.Immutable;

namespace Grid.Monitoring.Signals;

/// <summary>An event that some sinks do not have yet. Immutable.</summary>
/// <param name="Number">Rises from event to event of one outbox.</param>
/// <param name="Item">What it tells.</param>
/// <param name="Sinks">Names of the sinks that still need it.</param>
public sealed record PendingEvent<T>(long Number, T Item, ImmutableArray<string> Sinks);
