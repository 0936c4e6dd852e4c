using System.Globalization;
using Grid.Silo.Commands;
using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>What the demo shows while it runs and at its end.</summary>
internal sealed class DemoReport(IAnsiConsole console)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Shows progress until <paramref name="running"/> ends, whichever way.</summary>
    public async Task FollowAsync(DemoBoard board, long totalEvents, Task running)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            await console.Live(Render(board, totalEvents)).StartAsync(async live =>
            {
                while (!await EndedAsync(running, Refresh))
                {
                    live.UpdateTarget(Render(board, totalEvents));
                }

                live.UpdateTarget(Render(board, totalEvents));
            });
            return;
        }

        while (!await EndedAsync(running, PlainRefresh))
        {
            console.WriteLine(Line(board, totalEvents));
        }

        console.WriteLine(Line(board, totalEvents));
    }

    public void Summary(DemoSummary summary)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("month", "figure", "trainer", "grid", "difference", "");
        foreach (var column in table.Columns.Skip(2).Take(3))
        {
            column.RightAligned();
        }

        foreach (var figure in summary.Figures)
        {
            table.AddRow(
                figure.Month,
                figure.Name,
                Number(figure.Expected),
                Number(figure.Actual),
                (figure.Actual - figure.Expected).ToString("+0.000000;-0.000000;0", CultureInfo.InvariantCulture),
                figure.IsOk ? "[green]ok[/]" : "[red]differs[/]");
        }

        console.Write(table);
        console.MarkupLine(summary.IsOk
            ? "[green bold]OK[/]: AUC, log loss and mean p of both months equal the trainer's to 1e-4."
            : "[red bold]DIFFERS[/]: the figures marked above are not the trainer's. Start anew with --reset; if it stays, the build is wrong.");
    }

    public void TryNext(string address, DemoArguments arguments)
    {
        console.WriteLine();
        console.MarkupLine("[bold]Try next[/]" + (arguments.Serve ? "" : " (start it again with [bold]--serve[/]: it resumes at once and stays up)"));
        var shown = arguments.Serve ? address : arguments.Address;
        console.WriteLine($$$"""
            curl -s {{{shown}}}/v1/default/tenants/JFK/predict/flights-late -H 'content-type: application/json' \
              -d '{"entity":"LAX","values":{"local_hour":17.5,"dow":3,"distance":2475,"block_min":365}}'

            curl -s '{{{shown}}}/v1/default/tenants/JFK/features/route?entity=LAX'

            // C#: dotnet add reference src/Grid.Client
            using var grid = new Grid.Client.Http.HttpGridClient("{{{shown}}}");
            var p = await grid.PredictAsync("flights-late", "JFK", "LAX",
                new Dictionary<string, double> { ["local_hour"] = 17.5, ["dow"] = 3, ["distance"] = 2475, ["block_min"] = 365 });
            Console.WriteLine(p["p_late"]);
            """);
    }

    private static async Task<bool> EndedAsync(Task running, TimeSpan wait) =>
        await Task.WhenAny(running, Task.Delay(wait)) == running;

    private static Table Render(DemoBoard board, long totalEvents)
    {
        var figures = board.Read();
        var done = (double)(board.Events + board.Resumed) / totalEvents;
        var filled = (int)(done * 40);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("events/s", "predictions/s", "p50", "p99", "locality", "outcomes", "AUC", "log loss");
        table.Title($"[green]{new string('━', filled)}[/][grey]{new string('━', 40 - filled)}[/] {done,4:P0}  {board.Elapsed:mm\\:ss}");
        table.AddRow(
            figures.EventsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
            figures.PredictionsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
            Micros(figures.P50),
            Micros(figures.P99),
            Share(figures.Locality),
            figures.Outcomes.ToString("N0", CultureInfo.InvariantCulture),
            Number(figures.Auc),
            Number(figures.LogLoss));
        return table;
    }

    private static string Line(DemoBoard board, long totalEvents)
    {
        var figures = board.Read();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)(board.Events + board.Resumed) / totalEvents,4:P0}  {figures.EventsPerSecond:N0} events/s  {figures.PredictionsPerSecond:N0} predictions/s  p50 {Micros(figures.P50)}  p99 {Micros(figures.P99)}  locality {Share(figures.Locality)}  outcomes {figures.Outcomes:N0}  AUC {Number(figures.Auc)}  log loss {Number(figures.LogLoss)}");
    }

    private static string Micros(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:N0} µs");

    private static string Share(double share) => double.IsNaN(share) ? "-" : share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.######", CultureInfo.InvariantCulture);
}
