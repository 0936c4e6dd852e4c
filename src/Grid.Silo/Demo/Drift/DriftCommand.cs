using Grid.Samples.Flights;
using Grid.Silo.Commands;
using Grid.Silo.Hosting;
using Spectre.Console;

namespace Grid.Silo.Demo.Drift;

/// <summary><c>grid demo --drift</c>: the loop, closed, on real flights.</summary>
internal sealed class DriftCommand(IAnsiConsole console)
{
    public async Task<int> RunAsync(DemoArguments arguments, CancellationToken cancellationToken)
    {
        var state = $"{Path.TrimEndingDirectorySeparator(arguments.State)}-drift";
        DemoState.Delete(state);
        DemoState.Claim(state);
        var trainer = await TrainerProcess.FindAsync(cancellationToken);
        var folder = Path.Combine(FlightData.DefaultFolder, "data");
        var data = FlightData.Load(folder);
        var flights = data.ReadFlights(Path.Combine(folder, "sample.csv.gz")).GroupBy(static f => f.Origin, StringComparer.Ordinal).ToDictionary(static t => t.Key, static t => t.ToArray(), StringComparer.Ordinal);
        await using var silo = await StartAsync(state, arguments.Serve ? arguments.Address : "http://127.0.0.1:0", cancellationToken);
        console.MarkupLineInterpolated($"Grid is up at [bold]{silo.Address}[/]. {flights.Values.Sum(static t => t.Length):N0} departures of January to May 2001.");
        var run = new DriftRun(silo, trainer, DemoState.LedgerFolder(state), line => console.WriteLine(line));
        var result = await run.RunAsync(data, flights, cancellationToken);
        result.Differences.AddRange(DriftVerdict.Of(result, FlightFigures.Load(folder)));
        DriftReport.Write(console, result);
        if (arguments.Serve)
        {
            console.MarkupLine("Serving. Ctrl+C stops.");
            await silo.WaitForShutdownAsync(cancellationToken);
        }

        return result.Differences.Count == 0 ? 0 : 1;
    }

    /// <summary>A silo that logs every prediction, tests whole weeks, and has the first version live.</summary>
    public static async Task<GridSilo> StartAsync(string state, string address, CancellationToken cancellationToken)
    {
        var options = new GridSiloOptions { StateFolder = state, HttpAddress = address, Views = [Path.Combine(FlightData.DefaultFolder, "views")] };
        options.PredictionLog.Share = 1;

        // Months pass in minutes: reports follow in step, and nothing is left out of them.
        options.Monitoring.Period = TimeSpan.FromMilliseconds(100);
        options.Monitoring.RingRows = 16_384;
        options.Monitoring.RecentPredictions = 65_536;

        // The first version came without figures of its training, so its first week, an easy one, is the reference; quiet weeks are up to 0.08 below it.
        options.Monitoring.Drift = options.Monitoring.Drift with { Window = TimeSpan.FromDays(7), AucThreshold = 0.1 };
        var silo = await GridSilo.StartAsync(options, logging => logging.AddFilter(level => level >= LogLevel.Warning).AddOrleansFilters().AddSimpleConsole(), cancellationToken);
        await silo.Client().Models.PushAsync(DriftRun.Model, DriftRun.First, Path.Combine(FlightData.DefaultFolder, "models", DriftRun.Model, DriftRun.First), makeLive: true, cancellationToken);
        return silo;
    }
}
