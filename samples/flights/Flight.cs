namespace Grid.Samples.Flights;

/// <summary>One departure, and the label that arrives when it lands.</summary>
/// <param name="Id">Row number of the whole data set, in UTC order.</param>
/// <param name="DepartureMs">Actual departure, Unix milliseconds.</param>
/// <param name="Origin">IATA code: the tenant.</param>
/// <param name="Destination">IATA code: the entity (the route) within the tenant.</param>
/// <param name="DelayMin">Arrival delay against the timetable, minutes; negative is early.</param>
/// <param name="Route">Distance and block time.</param>
public sealed record Flight(int Id, long DepartureMs, string Origin, string Destination, int DelayMin, Route Route)
{
    /// <summary>A flight is late from here on, in minutes.</summary>
    public const int LateFromMin = 15;

    /// <summary>When the label becomes known: departure plus the route's block time.</summary>
    public long ArrivalMs => DepartureMs + (Route.BlockMin * 60_000L);

    public bool IsLate => DelayMin >= LateFromMin;
}
