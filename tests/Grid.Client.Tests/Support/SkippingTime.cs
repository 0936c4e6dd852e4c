namespace Grid.Client.Tests.Support;

/// <summary>A clock whose short waits are over at once and move it on; waits of <see cref="Patience"/> or more never end.</summary>
internal sealed class SkippingTime : TimeProvider
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    private long _ticks;

    /// <summary>The waits that were over at once, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero && dueTime < Patience)
        {
            lock (Waits)
            {
                Waits.Add(dueTime);
            }

            Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
