namespace Grid.Samples.Flights;

/// <summary>
/// Merges one tenant's departures with the arrivals that follow from them into one partition, whose positions count every event.
/// The positions depend on the flights alone, so that a run that starts again numbers them the same.
/// </summary>
public static class FlightSteps
{
    /// <param name="flights">Flights of one tenant in file order, departures rising.</param>
    public static IEnumerable<FlightStep> Of(IEnumerable<Flight> flights)
    {
        var underWay = new PriorityQueue<(int Index, Flight Flight), (long ArrivalMs, int Index)>();
        var landed = new List<(int, Flight)>();
        long position = 0;
        var index = 0;
        foreach (var flight in flights)
        {
            landed.Clear();
            while (underWay.TryPeek(out var next, out var at) && at.ArrivalMs <= flight.DepartureMs)
            {
                underWay.Dequeue();
                landed.Add(next);
            }

            yield return new FlightStep(index, flight, landed, position, position + landed.Count);
            position += landed.Count + 1;
            underWay.Enqueue((index, flight), (flight.ArrivalMs, index));
            index++;
        }

        landed.Clear();
        while (underWay.TryDequeue(out var next, out _))
        {
            landed.Add(next);
        }

        yield return new FlightStep(index, null, landed, position, position + landed.Count);
    }
}
