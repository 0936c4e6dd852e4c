using System.Globalization;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Features.Tests.Flights;

/// <summary>The flights sample: its views, its events in the order that its features are defined by, and its golden rows.</summary>
internal static class FlightsData
{
    public static readonly string[] Features =
    [
        "origin.dep_1h", "origin.dep_24h", "origin.gap_min", "origin.n_1h", "origin.late_1h", "origin.delay_1h", "origin.n_24h", "origin.late_24h", "origin.delay_24h",
        "origin.n_7d", "origin.late_7d", "origin.delay_7d", "route.dep_24h", "route.gap_min", "route.n_24h", "route.late_24h", "route.delay_24h", "route.n_7d", "route.late_7d", "route.delay_7d",
    ];

    /// <summary>How the generation of the sample's views begins.</summary>
    public const string PinnedGeneration = "sha256:fe59b435b8b3304a349f201dcc387c0a9e297e67bb4";

    public static string ViewsYaml { get; } = File.ReadAllText(Repository.PathOf("samples", "flights", "views", "flights.yaml"));

    public static FeaturePlan Plan { get; } = FeaturePlan.Compile(ViewYaml.Parse(ViewsYaml, "flights.yaml"));

    /// <summary>The events of the small file by origin: before each departure the arrivals that are due, then the departure.</summary>
    public static Dictionary<string, List<FlightEvent>> Read(params string[] file)
    {
        var blocks = Repository.ReadCsv("samples", "flights", "data", "routes.csv").ToDictionary(static r => (r[0], r[1]), static r => int.Parse(r[3], CultureInfo.InvariantCulture));
        var tenants = new Dictionary<string, List<FlightEvent>>(StringComparer.Ordinal);
        var waiting = new Dictionary<string, PriorityQueue<FlightEvent, (long, int)>>(StringComparer.Ordinal);
        var order = 0;
        foreach (var row in Repository.ReadCsv(file))
        {
            var time = DateTimeOffset.Parse(row[1], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            var origin = row[2];
            if (!tenants.TryGetValue(origin, out var events))
            {
                tenants.Add(origin, events = []);
                waiting.Add(origin, new PriorityQueue<FlightEvent, (long, int)>());
            }

            while (waiting[origin].TryPeek(out var due, out _) && due.TimeMs <= time)
            {
                events.Add(waiting[origin].Dequeue());
            }

            events.Add(new FlightEvent(int.Parse(row[0], CultureInfo.InvariantCulture), true, time, row[3], 0));
            var arrives = time + (blocks[(origin, row[3])] * 60_000L);
            waiting[origin].Enqueue(new FlightEvent(-1, false, arrives, row[3], double.Parse(row[4], CultureInfo.InvariantCulture)), (arrives, order++));
        }

        return tenants;
    }

    public static void Add(EventBatchBuilder builder, FlightEvent flight, long position)
    {
        builder.Begin(flight.IsDeparture ? "departure" : "arrival").Time(flight.TimeMs).Position(position).Field("dest", flight.Destination);
        if (!flight.IsDeparture)
        {
            builder.Field("delay_min", flight.Delay);
        }

        builder.End();
    }
}
