using Grid.Samples.Flights;

namespace Grid.Silo.Demo;

/// <summary>The flights of the demo: the sample's airports, January and February 2001.</summary>
internal sealed class DemoPlan
{
    private static readonly DateTimeOffset End = new(2001, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Windows of seven days are full from here on; the trainer's figures begin here.</summary>
    private static readonly DateTimeOffset WindowsFull = new(2001, 1, 8, 0, 0, 0, TimeSpan.Zero);

    private DemoPlan(FlightData data, FlightFigures figures, IReadOnlyDictionary<string, Flight[]> flights)
    {
        Data = data;
        Figures = figures;
        Flights = flights;
        Total = flights.Values.Sum(tenant => (long)tenant.Length);
    }

    public FlightData Data { get; }

    public FlightFigures Figures { get; }

    /// <summary>Flights by tenant, in file order.</summary>
    public IReadOnlyDictionary<string, Flight[]> Flights { get; }

    /// <summary>Flights in all; each brings two events and asks for one prediction.</summary>
    public long Total { get; }

    public static DemoPlan Load(string folder)
    {
        var dataFolder = Path.Combine(folder, "data");
        var data = FlightData.Load(dataFolder);
        var flights = data.ReadFlights(Path.Combine(dataFolder, "sample.csv.gz"))
            .TakeWhile(flight => flight.DepartureMs < End.ToUnixTimeMilliseconds())
            .GroupBy(flight => flight.Origin, StringComparer.Ordinal)
            .ToDictionary(tenant => tenant.Key, tenant => tenant.ToArray(), StringComparer.Ordinal);
        return new DemoPlan(data, FlightFigures.Load(dataFolder), flights);
    }

    /// <summary>Figures of one month from the ledgers.</summary>
    /// <param name="month">Month of departure in UTC, such as <c>2001-01</c>.</param>
    /// <param name="scores">Scores by tenant, in the order of its flights.</param>
    public BinaryScores Score(string month, IReadOnlyDictionary<string, IReadOnlyList<FlightScore>> scores) =>
        BinaryScores.Of(
            from tenant in Flights
            from pair in tenant.Value.Zip(scores[tenant.Key])
            let departure = DateTimeOffset.FromUnixTimeMilliseconds(pair.First.DepartureMs)
            where departure >= WindowsFull && departure.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture) == month
            select (pair.Second.Probability, pair.First.IsLate));
}
