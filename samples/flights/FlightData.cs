using System.Globalization;
using System.IO.Compression;

namespace Grid.Samples.Flights;

/// <summary>Reads the flights data set: routes, the clocks of airports, and departures.</summary>
public sealed class FlightData
{
    /// <summary>Summer time in the US in 2001: from the first Sunday of April, 02:00 local.</summary>
    private static readonly DateTime SummerFrom = new(2001, 4, 1, 2, 0, 0, DateTimeKind.Unspecified);

    private readonly Dictionary<(string Origin, string Destination), Route> _routes;
    private readonly Dictionary<string, (int WinterMin, int SummerMin)> _clocks;

    private FlightData(
        Dictionary<(string Origin, string Destination), Route> routes,
        Dictionary<string, (int WinterMin, int SummerMin)> clocks)
    {
        _routes = routes;
        _clocks = clocks;
    }

    /// <summary>The folder that a build lays beside the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "flights");

    /// <param name="folder">Folder with <c>routes.csv</c> and <c>airports.csv</c>.</param>
    public static FlightData Load(string folder)
    {
        var routes = new Dictionary<(string, string), Route>();
        foreach (var cells in ReadCsv(Path.Combine(folder, "routes.csv")))
        {
            routes[(cells[0], cells[1])] = new Route(Number(cells[2]), Number(cells[3]));
        }

        var clocks = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (var cells in ReadCsv(Path.Combine(folder, "airports.csv")))
        {
            clocks[cells[0]] = (Number(cells[^2]), Number(cells[^1]));
        }

        return new FlightData(routes, clocks);
    }

    /// <summary>Departures of one file, in its order.</summary>
    public IEnumerable<Flight> ReadFlights(string path)
    {
        foreach (var cells in ReadCsv(path))
        {
            yield return new Flight(
                Number(cells[0]),
                ParseMinute(cells[1]),
                string.Intern(cells[2]),
                string.Intern(cells[3]),
                Number(cells[4]),
                _routes[(cells[2], cells[3])]);
        }
    }

    /// <summary>Hour of the day on the origin's clock with minutes as a fraction, and day of the week, 0 = Monday.</summary>
    public (double Hour, double DayOfWeek) LocalClock(string airport, long unixMs)
    {
        var (winter, summer) = _clocks[airport];
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;
        var local = utc.AddMinutes(winter);
        if (local >= SummerFrom)
        {
            local = utc.AddMinutes(summer);
        }

        return (local.Hour + (local.Minute / 60.0), ((int)local.DayOfWeek + 6) % 7);
    }

    /// <summary>Rows of a CSV file, plain or gzip, without the heading.</summary>
    public static IEnumerable<string[]> ReadCsv(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }

    private static long ParseMinute(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
