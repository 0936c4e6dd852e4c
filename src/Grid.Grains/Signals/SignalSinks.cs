namespace Grid.Grains.Signals;

/// <summary>The sinks of this silo. All silos of a grid are set up alike.</summary>
internal sealed class SignalSinks : IDisposable
{
    public SignalSinks(IEnumerable<ISignalSink> sinks)
    {
        All = [.. sinks];
        Names = [.. All.Select(static sink => sink.Name)];
    }

    public IReadOnlyList<ISignalSink> All { get; }

    public IReadOnlyCollection<string> Names { get; }

    public void Dispose()
    {
        foreach (var sink in All.OfType<IDisposable>())
        {
            sink.Dispose();
        }
    }
}
