using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>Somebody who is told of signals, each at least once and in order. Thread-safe.</summary>
internal interface ISignalSink
{
    /// <summary>What waits for it is stored under this name.</summary>
    string Name { get; }

    /// <summary>Null once it has the event; otherwise why not: it is sent again later.</summary>
    ValueTask<GridError?> SendAsync(Signal signal, CancellationToken cancellationToken);
}
