using System.Collections.Immutable;

namespace Grid.Monitoring.Rollouts;

/// <summary>
/// Decides a rollout. Pure. Each guard keeps a confidence sequence of how much worse the challenger is (<see cref="SequentialTest"/>, α divided among the
/// guards), so that looking after every request spends no more error than looking once: above the margin for sure is a rollback, below it for sure a pass.
/// </summary>
public static class RolloutGuards
{
    private const double P99Share = 0.01;

    /// <param name="options">The margins, which <see cref="RolloutGuardOptions.Check"/> found right.</param>
    /// <param name="champion">The live version since the rollout began.</param>
    /// <param name="challenger">The canary or shadow since then.</param>
    /// <param name="elapsed">How long ago that was.</param>
    public static RolloutDecision Judge(RolloutGuardOptions options, RolloutArm champion, RolloutArm challenger, TimeSpan elapsed)
    {
        int active = (options.ErrorRateMargin is null ? 0 : 1) + (options.P99Ratio is null ? 0 : 1) + (options.DisagreementLimit is null ? 0 : 1) + (options.LossMargin is null ? 0 : 1);
        var alpha = options.Alpha / Math.Max(1, active);
        var guards = ImmutableArray.CreateBuilder<GuardResult>();
        if (options.ErrorRateMargin is { } errors)
        {
            guards.Add(ErrorRate(errors, champion, challenger, alpha));
        }

        if (options.P99Ratio is { } ratio)
        {
            guards.Add(Latency(ratio, options.P99FloorMs, champion, challenger, alpha));
        }

        if (options.DisagreementLimit is { } limit)
        {
            var (share, variance) = Proportion(challenger.Disagreements, challenger.Compared);
            guards.Add(Guard("disagreement", null, share, limit, share, variance, limit, challenger.Compared, alpha));
        }

        if (options.LossMargin is { } margin)
        {
            guards.Add(Loss(margin, options.MinimumOutcomes, champion, challenger, alpha));
        }

        return Decide(options, challenger, elapsed, guards.ToImmutable());
    }

    private static RolloutDecision Decide(RolloutGuardOptions options, RolloutArm challenger, TimeSpan elapsed, ImmutableArray<GuardResult> guards)
    {
        if (guards.FirstOrDefault(static g => g.Verdict == RolloutVerdict.Rollback) is { } broken)
        {
            return new RolloutDecision(
                RolloutVerdict.Rollback, FormattableString.Invariant($"{broken.Guard}: the challenger has {broken.Challenger:G4}, worse than the margin {broken.Margin:G4} allows (at least {broken.Low:G4}, {broken.Samples} samples)."), guards);
        }

        if (guards.FirstOrDefault(static g => g.Verdict == RolloutVerdict.Wait) is { } open)
        {
            return new RolloutDecision(
                RolloutVerdict.Wait, FormattableString.Invariant($"{open.Guard}: not decided after {open.Samples} samples ({open.Low:G4} to {open.High:G4}, margin {open.Margin:G4})."), guards);
        }

        return challenger.Requests < options.MinimumRequests || elapsed < options.MinimumTime
            ? new RolloutDecision(RolloutVerdict.Wait, FormattableString.Invariant($"All guards pass; {challenger.Requests} of {options.MinimumRequests} requests, {elapsed} of {options.MinimumTime}."), guards)
            : new RolloutDecision(RolloutVerdict.Promote, FormattableString.Invariant($"All {guards.Length} guards pass after {challenger.Requests} requests."), guards);
    }

    private static GuardResult ErrorRate(double margin, RolloutArm champion, RolloutArm challenger, double alpha)
    {
        var (before, varianceBefore) = Proportion(champion.Errors, champion.Requests);
        var (now, variance) = Proportion(challenger.Errors, challenger.Requests);
        return Guard("errors", before, now, margin, now - before, varianceBefore + variance, margin, Math.Min(champion.Requests, challenger.Requests), alpha);
    }

    private static GuardResult Latency(double ratio, double floor, RolloutArm champion, RolloutArm challenger, double alpha)
    {
        if (champion.LatencyMs is not { Count: > 0 } before || challenger.LatencyMs is not { Count: > 0 } now)
        {
            return new GuardResult("p99", RolloutVerdict.Wait, null, double.NaN, ratio, double.NegativeInfinity, double.PositiveInfinity, 0);
        }

        // p99 within the limit means: at most one run in a hundred is slower. That is a share, and a share can be tested; twice that many is too many.
        double p99 = before.Quantile(1 - P99Share), limit = Math.Max(floor, ratio * p99);
        var slower = (long)Math.Round((1 - now.Rank(limit)) * now.Count);
        var (share, variance) = Proportion(slower, now.Count);
        var half = SequentialTest.HalfWidth(variance, P99Share, alpha);
        var verdict = share - half > P99Share ? RolloutVerdict.Rollback : share + half < 2 * P99Share ? RolloutVerdict.Promote : RolloutVerdict.Wait;
        return new GuardResult("p99", verdict, p99, now.Quantile(1 - P99Share), limit, share - half, share + half, now.Count);
    }

    private static GuardResult Loss(double margin, long minimum, RolloutArm champion, RolloutArm challenger, double alpha)
    {
        if (Math.Min(champion.Loss.Count, challenger.Loss.Count) < Math.Max(2, minimum))
        {
            return new GuardResult("performance", RolloutVerdict.Wait, champion.Loss.Mean, challenger.Loss.Mean, margin, double.NegativeInfinity, double.PositiveInfinity, challenger.Loss.Count);
        }

        var allowed = margin * champion.Loss.Mean;
        return Guard(
            "performance", champion.Loss.Mean, challenger.Loss.Mean, allowed, challenger.Loss.Mean - champion.Loss.Mean, champion.Loss.VarianceOfMean + challenger.Loss.VarianceOfMean, allowed,
            challenger.Loss.Count, alpha);
    }

    private static GuardResult Guard(string name, double? champion, double challenger, double margin, double worse, double variance, double scale, long samples, double alpha)
    {
        var half = samples > 0 ? SequentialTest.HalfWidth(Math.Max(variance, double.Epsilon), Math.Max(scale, 1e-12), alpha) : double.PositiveInfinity;
        var verdict = worse - half > margin ? RolloutVerdict.Rollback : worse + half < margin ? RolloutVerdict.Promote : RolloutVerdict.Wait;
        return new GuardResult(name, verdict, champion, challenger, margin, worse - half, worse + half, samples);
    }

    /// <summary>A share and its variance, one hit and one miss added: no sample of zero errors is certain of zero.</summary>
    private static (double Share, double Variance) Proportion(long hits, long rows)
    {
        var smoothed = (hits + 1.0) / (rows + 2.0);
        return (rows > 0 ? (double)hits / rows : 0, smoothed * (1 - smoothed) / Math.Max(1, rows));
    }
}
