using Grid.Samples.Flights;

namespace Grid.Silo.Demo.Drift;

/// <summary>Lets all tenants fly up to a time, and says when all of them have come there. Thread-safe.</summary>
/// <param name="tenants">How many there are.</param>
internal sealed class FlightGate(int tenants) : IFlightPace
{
    private readonly Lock _lock = new();
    private long _untilMs = long.MinValue;
    private int _left;

    /// <summary>Tenants that have not come to the gate since it was opened last; before the first time nobody asks.</summary>
    private int _moving;

    private TaskCompletionSource _opened = New();
    private TaskCompletionSource _stopped = New();

    public bool IsOpen(Flight flight)
    {
        lock (_lock)
        {
            return flight.DepartureMs < _untilMs;
        }
    }

    public async Task WaitAsync(Flight flight, CancellationToken cancellationToken)
    {
        while (Stop(flight) is { } opened)
        {
            await opened.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets flights depart before a time.</summary>
    /// <returns>Ends when every tenant waits for more, or has no more.</returns>
    public Task OpenAsync(long untilMs)
    {
        TaskCompletionSource before;
        Task stopped;
        lock (_lock)
        {
            (before, _opened, _stopped) = (_opened, New(), New());
            _untilMs = untilMs;
            _moving = tenants - _left;
            stopped = _stopped.Task;
            if (_moving == 0)
            {
                _stopped.SetResult();
            }
        }

        before.SetResult();
        return stopped;
    }

    /// <summary>A tenant has no more flights.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _left++;
            Stopped();
        }
    }

    private Task? Stop(Flight flight)
    {
        lock (_lock)
        {
            if (flight.DepartureMs < _untilMs)
            {
                return null;
            }

            Stopped();
            return _opened.Task;
        }
    }

    private void Stopped()
    {
        if (--_moving == 0)
        {
            _stopped.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
