namespace Grid.Streams.Kafka;

/// <summary>When to try again: waits that double from a first to a longest. Not thread-safe.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max)
{
    private TimeSpan _wait;
    private long _from = Environment.TickCount64;

    public bool IsDue => Left <= TimeSpan.Zero;

    public TimeSpan Left => _wait - TimeSpan.FromMilliseconds(Environment.TickCount64 - _from);

    public void Next()
    {
        _wait = _wait == TimeSpan.Zero ? min : _wait + _wait > max ? max : _wait + _wait;
        _from = Environment.TickCount64;
    }

    public void Reset() => _wait = TimeSpan.Zero;
}
