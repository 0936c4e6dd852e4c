namespace Grid.Inference.Tests.Support;

/// <summary>A clock that a test moves; timers fire on the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = TimeSpan.TicksPerHour;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public long In(TimeSpan time) => GetTimestamp() + time.Ticks;

    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref _ticks, time.Ticks);
        ManualTimer[] due;
        lock (_lock)
        {
            due = [.. _timers.Where(t => t.Due <= GetTimestamp())];
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; private set; } = long.MaxValue;

        public void Fire()
        {
            Due = long.MaxValue;
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.In(dueTime);
            return true;
        }

        public void Dispose() => Due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
