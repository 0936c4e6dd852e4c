using System.Collections.Immutable;
using Grid.Monitoring.Signals;

namespace Grid.Monitoring.Retraining;

/// <summary>Decides whether a model is trained again. Pure.</summary>
public static class RetrainPolicy
{
    // 2^20 cool-downs is beyond any back-off; keeps the shift within its type.
    private const int MostDoublings = 20;

    public static RetrainDecision Decide(RetrainFacts facts, RetrainHistory history, RetrainOptions options, DateTimeOffset now)
    {
        // 1. Does anybody want it?
        if (!options.Enabled && !facts.Manual)
        {
            return new RetrainDecision(false, null, "Its policy leaves trainings to be asked for by hand.", null, []);
        }

        // 2. Broken data makes broken models.
        if (facts.Signals.FirstOrDefault(static s => s.IsDataQuality) is { } quality && !facts.Manual)
        {
            return new RetrainDecision(false, null, $"Data quality first: {quality.DedupeKey} is open.", null, [quality.Id]);
        }

        // 3. Is there a reason?
        var (reason, why, signals) = Reason(facts, options, now);
        if (reason is null)
        {
            return new RetrainDecision(false, null, why, null, []);
        }

        // 4. Is it allowed?
        ImmutableArray<string> ids = [.. signals.Select(static s => s.Id)];
        if (facts.LabelledRows < options.MinimumRows)
        {
            return new RetrainDecision(false, reason, $"{why} But only {facts.LabelledRows} labelled rows of {options.MinimumRows} are there.", null, ids);
        }

        DateTimeOffset[] recent = [.. history.Starts.Where(s => s > now - options.BudgetPeriod)];
        if (recent.Length >= options.Budget)
        {
            return new RetrainDecision(false, reason, $"{why} But the budget of {options.Budget} in {options.BudgetPeriod} is spent.", recent[^options.Budget] + options.BudgetPeriod, ids);
        }

        if (reason != RetrainReason.Manual && !facts.Manual && history.Starts.Length > 0)
        {
            var wait = Wait(history.LossesInARow, options);
            if (history.Starts[^1] + wait > now)
            {
                return new RetrainDecision(false, reason, $"{why} But the last training began {now - history.Starts[^1]} ago; after {history.LossesInARow} lost challengers the wait is {wait}.", history.Starts[^1] + wait, ids);
            }
        }

        return new RetrainDecision(true, reason, why, null, ids);
    }

    private static TimeSpan Wait(int losses, RetrainOptions options)
    {
        // In floating point: a cool-down of weeks that is doubled twenty times is longer than a time span can be.
        var ticks = (double)options.CoolDown.Ticks * (1L << Math.Min(losses, MostDoublings));
        return ticks < options.MaximumBackOff.Ticks ? TimeSpan.FromTicks((long)ticks) : options.MaximumBackOff;
    }

    private static (RetrainReason? Reason, string Why, IEnumerable<Signal> Signals) Reason(RetrainFacts facts, RetrainOptions options, DateTimeOffset now)
    {
        Signal[] Of(params SignalType[] types) => [.. facts.Signals.Where(s => types.Contains(s.Type))];
        var performance = Of(SignalType.Performance, SignalType.ErrorChange);
        if (performance.Length > 0)
        {
            return (RetrainReason.LabelledPerformance, "Outcomes show that it does worse.", performance);
        }

        Signal[] estimated = Of(SignalType.EstimatedPerformance), prediction = Of(SignalType.PredictionDrift);
        if (estimated.Length > 0 && prediction.Length > 0)
        {
            return (RetrainReason.EstimatedPerformance, "Its scores let expect that it does worse, and its predictions drift.", estimated.Concat(prediction));
        }

        if (prediction.Length > 0)
        {
            return (RetrainReason.PredictionDrift, "Its predictions drift.", prediction);
        }

        var inputs = Of(SignalType.FeatureDrift);
        var drifting = inputs.Select(static s => s.Evidence.Column!).ToHashSet(StringComparer.Ordinal);
        double all = facts.Features.Sum(Weight), share = all > 0 ? facts.Features.Where(drifting.Contains).Sum(Weight) / all : 0;
        if (share >= options.InputDriftShare)
        {
            return (RetrainReason.InputDrift, FormattableString.Invariant($"Features with {share:P0} of the weight drift."), inputs);
        }

        if (options.DataVolume is { } volume && facts.LabelledRows >= volume)
        {
            return (RetrainReason.DataVolume, $"{facts.LabelledRows} new labelled rows are there.", []);
        }

        if (options.MaximumAge is { } age && now - facts.TrainedUpTo >= age)
        {
            return (RetrainReason.Age, $"Its training data ended {now - facts.TrainedUpTo} ago.", []);
        }

        return facts.Manual ? (RetrainReason.Manual, "Asked for by hand.", []) : (null, "There is no reason to.", []);

        double Weight(string feature) => facts.Weights.TryGetValue(feature, out var w) ? w / MeanWeight() : 1;

        double MeanWeight() => facts.Weights.Values.Average();
    }
}
