using System.Globalization;
using Grid.Samples.Flights;

namespace Grid.Silo.Demo.Drift;

/// <summary>Holds what came of the loop against what must come of it. Pure.</summary>
internal static class DriftVerdict
{
    /// <summary>Trainer and grid round differently; a wrong feature moves these figures by far more.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>The monitor samples where rows come faster than it sketches.</summary>
    private const double PsiTolerance = 0.01;

    private static readonly DateTimeOffset StormFrom = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset StormTo = StormFrom.AddDays(21);

    /// <param name="result">What came of it.</param>
    /// <param name="figures">The trainer's figures of the same flights; null where these are others.</param>
    public static IEnumerable<string> Of(DriftResult result, FlightFigures? figures)
    {
        if (result.Drift is not { } drift)
        {
            yield return "No signal said that predictions drift.";
        }
        else if (drift.FromMs < StormFrom.ToUnixTimeMilliseconds() || drift.FromMs >= StormTo.ToUnixTimeMilliseconds())
        {
            yield return $"The signal rose in the window of {DateTimeOffset.FromUnixTimeMilliseconds(drift.FromMs):yyyy-MM-dd}, not in the storm weeks from {StormFrom:yyyy-MM-dd}.";
        }

        if (result.Request is { } request && request.OpenedMs < StormFrom.ToUnixTimeMilliseconds())
        {
            yield return $"A training was asked for before the storms: {request.Explanation}";
        }

        if (result.Trained is null)
        {
            yield return "No version was trained.";
        }

        if (result.Promoted is null)
        {
            yield return "No version was promoted.";
        }

        if (result.Rejected is null)
        {
            yield return "The bad candidate was not rejected.";
        }

        foreach (var week in result.Weeks)
        {
            var monday = week.Monday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            // While the new version takes over, a few flights are answered by it alone.
            if (figures?.OfWeek(monday) is not { } expected || week.Old.Rows != expected.Rows)
            {
                continue;
            }

            if (Math.Abs(week.Old.Auc - expected.Auc) > Tolerance || Math.Abs(week.Old.LogLoss - expected.LogLoss) > Tolerance)
            {
                yield return FormattableString.Invariant($"Week {monday}: AUC {week.Old.Auc:0.0000}, log loss {week.Old.LogLoss:0.0000}; the trainer has {expected.Auc:0.0000} and {expected.LogLoss:0.0000}.");
            }

            if (result.Psi.TryGetValue((DriftRun.First, week.Monday), out var psi) && Math.Abs(psi - expected.Psi) > PsiTolerance)
            {
                yield return FormattableString.Invariant($"Week {monday}: the grid measured a PSI of {psi:0.000}; the trainer has {expected.Psi:0.000}.");
            }
        }
    }
}
