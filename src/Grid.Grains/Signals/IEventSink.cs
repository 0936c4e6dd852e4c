using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>Somebody who is told of events, each at least once and in order. Thread-safe.</summary>
/// <typeparam name="T">What the events tell.</typeparam>
internal interface IEventSink<in T>
{
    /// <summary>What waits for it is stored under this name.</summary>
    string Name { get; }

    /// <summary>Null once it has the event, or has no use for it; otherwise why not: it is sent again later.</summary>
    ValueTask<GridError?> SendAsync(T what, CancellationToken cancellationToken);
}
