namespace Grid.Samples.Flights;

/// <summary>What one flight brings, in order: first the arrivals that are known by its departure, then its prediction, then the departure itself.</summary>
/// <param name="Index">Number of the flight within its tenant, from 0.</param>
/// <param name="Flight">The flight; null in the last step, which only brings the arrivals still under way.</param>
/// <param name="Arrivals">Flights that have landed since the step before, by arrival time, then file order.</param>
/// <param name="FirstArrivalPosition">Position of the first arrival in the tenant's partition; the others follow.</param>
/// <param name="DeparturePosition">Position of the departure.</param>
public readonly record struct FlightStep(
    int Index,
    Flight? Flight,
    IReadOnlyList<(int Index, Flight Flight)> Arrivals,
    long FirstArrivalPosition,
    long DeparturePosition);
