namespace Grid.Samples.Flights;

/// <summary>Holds flights back, so that tenants keep together in the time of the data; called from many tenants at once.</summary>
public interface IFlightPace
{
    /// <summary>Whether a flight may go on without waiting.</summary>
    bool IsOpen(Flight flight);

    /// <summary>Waits until it may. Everything before it has been sent and reported.</summary>
    Task WaitAsync(Flight flight, CancellationToken cancellationToken);
}
