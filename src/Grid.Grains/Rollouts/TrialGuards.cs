using System.Globalization;
using Grid.Abstractions;
using Grid.Inference.Manifests;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Holds what was measured of a version on trial against the guards of its manifest. Each guard is a rate with a limit: requests that fail beyond those
/// of the live version, answers slower than the limit (at most 1 in 100), decisions other than the live version's. Pure.
/// </summary>
internal static class TrialGuards
{
    /// <summary>What a 99th percentile leaves over.</summary>
    private const double SlowShare = 0.01;

    /// <param name="guards">The guards of the version on trial.</param>
    /// <param name="champion">What the live version did meanwhile; null where it had no requests.</param>
    /// <param name="challenger">What the version on trial answered; null for a shadow, which is judged by its comparisons.</param>
    /// <param name="comparison">How the two compare; null where nothing was compared.</param>
    public static TrialVerdict Judge(ManifestGuards guards, VersionTally? champion, VersionTally? challenger, ComparisonTally? comparison)
    {
        var figures = new List<RolloutFigure>();
        var over = new List<RolloutFigure>();
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

        if (over.Count > 0)
        {
            return new TrialVerdict(TrialOutcome.Bad, string.Join("; ", over.Select(Describe)), [.. figures]);
        }

        var enough = requests >= guards.MinRequests && (guards.Disagreement is null || compared >= guards.MinRequests);
        return enough && isWithin
            ? new TrialVerdict(TrialOutcome.Good, string.Create(CultureInfo.InvariantCulture, $"within every guard on {requests} requests"), [.. figures])
            : new TrialVerdict(TrialOutcome.Open, string.Create(CultureInfo.InvariantCulture, $"{requests} of {guards.MinRequests} requests"), [.. figures]);

        void Weigh(string name, long events, long observations, double limit, double value, double? shownLimit = null)
        {
            var figure = new RolloutFigure(name, value, shownLimit ?? limit, observations);
            figures.Add(figure);
            isWithin &= Rate(events, observations) <= limit;
            if (SequentialRate.IsOver(events, observations, limit))
            {
                over.Add(figure);
            }
        }
    }

    public static string Describe(RolloutFigure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Name} is {figure.Value:0.######} on {figure.Samples}, over its limit of {figure.Limit:0.######}");

    private static double Rate(long events, long observations) => observations == 0 ? 0 : (double)events / observations;
}
