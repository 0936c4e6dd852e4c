using Grid.Grains.ModelEvents;
using Grid.Monitoring.Signals;

namespace Grid.Grains.Signals;

/// <summary>The sinks of this silo. All silos of a grid are set up alike.</summary>
internal sealed class EventSinks : IDisposable
{
    /// <param name="sinks">Each takes signals, what happens to models, or both.</param>
    public EventSinks(IEnumerable<object> sinks)
    {
        object[] all = [.. sinks];
        Signals = [.. all.OfType<IEventSink<Signal>>()];
        Models = [.. all.OfType<IEventSink<ModelEvent>>()];
    }

    public IReadOnlyList<IEventSink<Signal>> Signals { get; }

    public IReadOnlyList<IEventSink<ModelEvent>> Models { get; }

    public void Dispose()
    {
        foreach (var sink in Signals.OfType<IDisposable>().Union(Models.OfType<IDisposable>()))
        {
            sink.Dispose();
        }
    }
}
