using System.Globalization;
using Grid.Abstractions;
using Grid.Inference.Manifests;
using Grid.Monitoring.Rollouts;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Holds what was measured of a version on trial against the guards of its manifest. Each guard is a rate with a limit: requests that fail beyond those
/// of the live version, answers slower than the limit (at most 1 in 100), decisions other than the live version's. Beyond those: the loss on known outcomes against
/// the live version's on the same predictions, and open drift signals. Pure.
/// </summary>
internal static class TrialGuards
{
    /// <summary>What a 99th percentile leaves over.</summary>
    private const double SlowShare = 0.01;

    /// <summary>Chance that the outcomes of a whole trial ever decide wrongly.</summary>
    private const double PerformanceAlpha = 0.01;

    /// <param name="guards">The guards of the version on trial.</param>
    /// <param name="champion">What the live version did meanwhile; null where it had no requests.</param>
    /// <param name="challenger">What the version on trial answered; null for a shadow, which is judged by its comparisons.</param>
    /// <param name="comparison">How the two compare; null where nothing was compared.</param>
    /// <param name="standing">What outcomes and drift say; null where nothing is known.</param>
    public static TrialVerdict Judge(ManifestGuards guards, VersionTally? champion, VersionTally? challenger, ComparisonTally? comparison, TrialStanding? standing)
    {
        var figures = new List<RolloutFigure>();
        var over = new List<string>();
        var isWithin = true;

        // A shadow answers nobody: what it ran for comparison stands for requests.
        var (requests, errors, latency) = challenger is not null
            ? (challenger.Requests, challenger.Errors, challenger.Latency)
            : comparison is not null ? (comparison.Compared + comparison.Errors, comparison.Errors, comparison.Latency) : (0, 0, []);
        if (guards.ErrorRate is { } errorRate)
        {
            // What fails in both is the callers' doing.
            var common = champion is { Requests: > 0 } && challenger is not null ? (double)champion.Errors / champion.Requests : 0;
            Weigh("error_rate", errors, requests, Math.Min(1, errorRate + common), Rate(errors, requests));
        }

        if (guards.P99Ms is { } limitMs)
        {
            var answered = latency.Sum();
            Weigh("p99_ms", LatencyBuckets.CountOver(latency, limitMs * 1000), answered, SlowShare, LatencyBuckets.Quantile(latency, 0.99) / 1000, limitMs);
        }

        var compared = comparison?.Compared ?? 0;
        if (guards.Disagreement is { } disagreement)
        {
            Weigh("disagreement", comparison?.Disagreed ?? 0, compared, disagreement.Rate, Rate(comparison?.Disagreed ?? 0, compared));
        }

        var outcomes = 0L;
        if (guards.Performance is { } performance)
        {
            var loss = LossOf(standing);
            var (excess, low, high) = loss.Excess(performance.Margin, PerformanceAlpha);
            outcomes = loss.Count;
            var figure = new RolloutFigure("performance", double.IsNaN(excess) ? 0 : excess, performance.Margin, outcomes);
            figures.Add(figure);
            isWithin &= high < performance.Margin;
            if (low > performance.Margin)
            {
                over.Add(Describe(figure));
            }
        }

        if (guards.Drift)
        {
            var drifting = standing?.Drifting ?? [];
            figures.Add(new RolloutFigure("drift", drifting.Length, 0, requests));
            if (drifting.Length > 0)
            {
                over.Add($"drift of {string.Join(", ", drifting)}");
            }
        }

        if (over.Count > 0)
        {
            return new TrialVerdict(TrialOutcome.Bad, string.Join("; ", over), [.. figures]);
        }

        var known = guards.Performance is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {outcomes} of {guards.Performance.MinOutcomes} outcomes");
        var enough = requests >= guards.MinRequests && (guards.Disagreement is null || compared >= guards.MinRequests) && outcomes >= (guards.Performance?.MinOutcomes ?? 0);
        return enough && isWithin
            ? new TrialVerdict(TrialOutcome.Good, string.Create(CultureInfo.InvariantCulture, $"within every guard on {requests} requests{Outcomes()}"), [.. figures])
            : new TrialVerdict(TrialOutcome.Open, string.Create(CultureInfo.InvariantCulture, $"{requests} of {guards.MinRequests} requests{known}"), [.. figures]);

        string Outcomes() => guards.Performance is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; mean loss {standing!.ChallengerLoss.Sum / outcomes:0.0000} against {standing.ChampionLoss.Sum / outcomes:0.0000} on {outcomes} outcomes");

        void Weigh(string name, long events, long observations, double limit, double value, double? shownLimit = null)
        {
            var figure = new RolloutFigure(name, value, shownLimit ?? limit, observations);
            figures.Add(figure);
            isWithin &= Rate(events, observations) <= limit;
            if (SequentialRate.IsOver(events, observations, limit))
            {
                over.Add(Describe(figure));
            }
        }
    }

    private static PairedLoss LossOf(TrialStanding? standing) => standing is null
        ? default
        : new PairedLoss(standing.ChampionLoss.ToSum(), standing.ChallengerLoss.ToSum(), standing.LossDifference.ToSum());

    public static string Describe(RolloutFigure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Name} is {figure.Value:0.######} on {figure.Samples}, over its limit of {figure.Limit:0.######}");

    private static double Rate(long events, long observations) => observations == 0 ? 0 : (double)events / observations;
}
