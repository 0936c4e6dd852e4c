using Grid.Client;
using Grid.Samples.Flights;
using Grid.Silo.Commands;
using Grid.Silo.Hosting;
using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>The main job: real flights in, predictions out, compared with known figures.</summary>
internal sealed class DemoCommand(IAnsiConsole console)
{
    private const string Model = "flights-late";
    private const string Version = "1";
    private const int PlainWidth = 200;

    /// <summary>A demo that ends by itself must not mind what else listens.</summary>
    private const string AnyPort = "http://127.0.0.1:0";

    public async Task<int> RunAsync(DemoArguments arguments, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            // Lines in a file or a pipe have no edge to wrap at.
            console.Profile.Width = PlainWidth;
        }

        if (arguments.Drift)
        {
            return await new Drift.DriftCommand(console).RunAsync(arguments, cancellationToken);
        }

        if (arguments.Reset)
        {
            DemoState.Delete(arguments.State);
        }

        DemoState.Claim(arguments.State);
        var plan = DemoPlan.Load(FlightData.DefaultFolder);
        var options = new GridSiloOptions
        {
            StateFolder = arguments.State,
            HttpAddress = arguments.Serve ? arguments.Address : AnyPort,
            Models = Path.Combine(FlightData.DefaultFolder, "models"),
            Views = [Path.Combine(FlightData.DefaultFolder, "views")],
        };
        await using var silo = await GridSilo.StartAsync(options, logging => logging.AddFilter(level => level >= LogLevel.Warning).AddOrleansFilters().AddSimpleConsole(), cancellationToken);
        var grid = silo.Client();
        await grid.Models.SetLiveAsync(Model, Version, cancellationToken);
        console.MarkupLineInterpolated($"Grid is up at [bold]{silo.Address}[/], state in [bold]{Path.GetFullPath(arguments.State)}[/].");
        console.MarkupLineInterpolated($"{plan.Flights.Count} airports, {plan.Total:N0} departures of January and February 2001: each is predicted just before it leaves, and its delay comes back when it lands.");

        var scores = await StreamAsync(grid, plan, arguments, cancellationToken);
        var summary = DemoSummary.Of(plan, Version, scores);
        new DemoReport(console).Summary(summary);
        new DemoReport(console).TryNext(silo.Address, arguments);
        if (arguments.Serve)
        {
            console.MarkupLine("Serving. Ctrl+C stops.");
            await silo.WaitForShutdownAsync(cancellationToken);
        }

        return summary.IsOk ? 0 : 1;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<FlightScore>>> StreamAsync(
        IGridClient grid,
        DemoPlan plan,
        DemoArguments arguments,
        CancellationToken cancellationToken)
    {
        var board = new DemoBoard();
        var driver = new FlightDriver(
            grid,
            plan.Data,
            new FlightDriverOptions { Model = Model, ReaderEpoch = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
        var ledgers = plan.Flights.Keys.ToDictionary(tenant => tenant, tenant => FlightLedger.Open(DemoState.LedgerFolder(arguments.State), tenant), StringComparer.Ordinal);
        try
        {
            // Within a tenant everything goes in turn; tenants run side by side, the largest first so that none is left over at the end.
            var running = Task.WhenAll(plan.Flights
                .OrderByDescending(tenant => tenant.Value.Length)
                .Select(tenant => Task.Run(() => driver.RunAsync(tenant.Key, tenant.Value, ledgers[tenant.Key], board, cancellationToken), cancellationToken)));
            await new DemoReport(console).FollowAsync(board, plan.Total * 2, running);
            await running;
            return ledgers.ToDictionary(ledger => ledger.Key, ledger => ledger.Value.Scores, StringComparer.Ordinal);
        }
        finally
        {
            foreach (var ledger in ledgers.Values)
            {
                ledger.Dispose();
            }
        }
    }
}
