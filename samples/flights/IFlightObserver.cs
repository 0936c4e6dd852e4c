using Grid.Abstractions;

namespace Grid.Samples.Flights;

/// <summary>Sees what a driver does; called from many tenants at once.</summary>
public interface IFlightObserver
{
    /// <summary>Events applied by the grid, or found there from a run before.</summary>
    void OnEvents(int count, bool resumed);

    /// <param name="flight">The flight.</param>
    /// <param name="prediction">The answer.</param>
    /// <param name="elapsed">From the call to the answer.</param>
    void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed);

    /// <summary>A flight has landed whose probability is known.</summary>
    void OnOutcome(Flight flight, float probability);
}
