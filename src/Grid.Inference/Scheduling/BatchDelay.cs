namespace Grid.Inference.Scheduling;

/// <summary>The wait of a replica whose manifest asks for one, so that more requests share a run.</summary>
internal sealed class BatchDelay : IDisposable
{
    private readonly ITimer _timer;

    public BatchDelay(TimeProvider time, TimeSpan delay, Action elapsed)
    {
        Time = delay;
        _timer = time.CreateTimer(static state => ((Action)state!)(), elapsed, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Time { get; }

    public void Start() => _timer.Change(Time, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
