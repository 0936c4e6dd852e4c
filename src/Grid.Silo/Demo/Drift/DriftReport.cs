using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo.Drift;

/// <summary>The table at the end.</summary>
internal static class DriftReport
{
    public static void Write(IAnsiConsole console, DriftResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("week", "flights", "late", "AUC 1", "AUC new", "log loss 1", "log loss new", "PSI 1", "PSI new");
        foreach (var week in result.Weeks)
        {
            table.AddRow(
                week.Monday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                week.Old.Rows.ToString("N0", CultureInfo.InvariantCulture),
                week.Old.LateRate.ToString("P1", CultureInfo.InvariantCulture),
                Number(week.Old.Auc),
                Number(week.New?.Auc),
                Number(week.Old.LogLoss),
                Number(week.New?.LogLoss),
                Number(Psi(result, DriftRun.First, week)),
                Number(result.Trained is { } trained ? Psi(result, trained.Version, week) : null));
        }

        console.Write(table);
        foreach (var difference in result.Differences)
        {
            console.MarkupLineInterpolated($"[red]differs[/]: {difference}");
        }

        if (result.Differences.Count == 0)
        {
            console.MarkupLineInterpolated($"[green bold]OK[/]: drift was seen when it came, version {result.Trained!.Version} was trained and took over, the bad one was thrown back; {result.Predictions:N0} predictions, none failed.");
        }
    }

    private static double? Psi(DriftResult result, string version, DriftWeek week) => result.Psi.TryGetValue((version, week.Monday), out var psi) ? psi : null;

    private static string Number(double? value) => value is { } known && double.IsFinite(known) ? known.ToString("0.0000", CultureInfo.InvariantCulture) : "-";
}
