using System.Diagnostics;

namespace Grid.Bench.Scheduling;

/// <summary>
/// A device that takes the same time for every run, one after the other, with a queue of its own: a run that is handed over while another is under way begins
/// when that one ends, however late its host's threads are woken. Waiting takes no processor time. Thread-safe.
/// </summary>
internal sealed class FixedTimeDevice(TimeSpan time)
{
    private readonly Lock _lock = new();
    private readonly long _time = (long)(time.TotalSeconds * Stopwatch.Frequency);
    private long _freeAt;

    /// <summary>Returns when the run has ended.</summary>
    public void Run()
    {
        long end;
        lock (_lock)
        {
            end = _freeAt = Math.Max(_freeAt, Stopwatch.GetTimestamp()) + _time;
        }

        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end);
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }
}
