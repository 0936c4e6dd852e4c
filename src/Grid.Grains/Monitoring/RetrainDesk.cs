using System.Collections.Immutable;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Monitoring;

/// <summary>
/// Asks for a model to be trained again, by the policy of its live version, and follows what became of it: a new live version ends the request and the losses, a challenger of the
/// request that is rejected counts as lost. Owned by the model's actor.
/// </summary>
internal sealed class RetrainDesk(ModelKey model, RetrainRecord record)
{
    private const string Statistic = "reason";

    public RetrainRecord Record { get; private set; } = record;

    public RetrainDecision Last { get; private set; } = new(false, null, "Nothing has been served yet.", null, []);

    public void Observed(int labelledRows) => Record = Record with { LabelledRows = Record.LabelledRows + labelledRows };

    /// <summary>Asks the policy.</summary>
    /// <param name="live">The version that answers.</param>
    /// <param name="open">Signals that are not cleared.</param>
    /// <param name="manual">Who asks for it by hand; null where nobody does.</param>
    /// <param name="now">The time, by the version's clock.</param>
    /// <returns>The signal to raise, or null.</returns>
    public Signal? Decide(VersionWatch live, IReadOnlyCollection<Signal> open, string? manual, DateTimeOffset now)
    {
        var facts = new RetrainFacts
        {
            Signals = [.. open.Where(s => s.Version == live.Key && s.Type != SignalType.Retrain)],
            Features = [.. live.Monitor.Layout.Features.Select(static column => column.Name)],
            LabelledRows = Record.LabelledRows,
            TrainedUpTo = TimeOf(Record.TrainedUpToMs ?? live.Record.SinceMs) ?? now,
            Manual = manual is not null,
        };
        var history = new RetrainHistory([.. Record.StartsMs.Select(DateTimeOffset.FromUnixTimeMilliseconds)], Record.LossesInARow);
        Last = RetrainPolicy.Decide(facts, history, live.Policy.Retraining, now);
        if (!Last.Start || open.Any(static s => s.Type == SignalType.Retrain))
        {
            return null;
        }

        var from = TimeOf(Record.TrainedUpToMs);
        var signal = new Signal
        {
            Type = SignalType.Retrain,
            Severity = SignalSeverity.Info,
            Status = SignalStatus.Open,
            Version = live.Key,
            Digest = Digest.TryParse(live.Record.Digest, out var digest) ? digest : default,
            Evidence = new SignalEvidence(null, Statistic, (int)Last.Reason!, null, 0, null, Record.LabelledRows, Record.LabelledRows, from ?? facts.TrainedUpTo, now),
            OpenedAt = now,
            UpdatedAt = now,
            Explanation = manual is null ? Last.Explanation : $"{Last.Explanation} ({manual})",
            Because = Last.SignalIds,
            DataSet = new SignalDataSet(model.Model, from, now, Record.LabelledRows),
        };
        Record = Record with { StartsMs = [.. history.Started(now).Starts.Select(static s => s.ToUnixTimeMilliseconds())], LabelledRows = 0, TrainedUpToMs = now.ToUnixTimeMilliseconds() };
        return signal;
    }

    /// <summary>Looks at what became of the request that is open.</summary>
    /// <param name="entry">The model's rollout.</param>
    /// <param name="lineageOf">Which signal asked for a version; null where none did.</param>
    /// <param name="open">The open request.</param>
    /// <param name="now">The time, by the version's clock.</param>
    /// <returns>The request as it stands now, cleared; null where nothing happened.</returns>
    public Signal? Follow(ModelEntry entry, Func<string, string?> lineageOf, Signal? open, DateTimeOffset now)
    {
        var before = Record.StepMs;
        RolloutStep[] steps = [.. (entry.Trail ?? []).Where(step => step.AtMs > before)];
        if (steps.Length == 0)
        {
            return null;
        }

        Record = Record with { StepMs = steps[^1].AtMs };
        if (open is null)
        {
            return null;
        }

        if (entry.Live is { } live && live != open.Version.Version)
        {
            Record = Record with { LossesInARow = 0 };
            return Cleared($"Version {live} is live.");
        }

        foreach (var step in steps.Where(static step => step.Action is RolloutAction.Rollback or RolloutAction.Unshadow))
        {
            // A rollback names the version that it goes back to; the one that lost was on trial before it.
            var lost = step.Action == RolloutAction.Unshadow ? step.Version : TrialBefore(entry, step);
            if (lost is not null && lineageOf(lost) == open.Id)
            {
                Record = Record with { LossesInARow = Record.LossesInARow + 1 };
                return Cleared($"Version {lost}, which it led to, was rejected.");
            }
        }

        return null;

        Signal Cleared(string why) => open with { Status = SignalStatus.Cleared, UpdatedAt = now > open.UpdatedAt ? now : open.UpdatedAt, Explanation = why };
    }

    public RetrainVerdict Verdict(Signal? open) => new(
        open is not null,
        Last.Reason is { } reason ? SignalInfos.NameOf(reason) : null,
        Last.Explanation,
        Last.NotBefore?.ToUnixTimeMilliseconds(),
        open?.Id);

    private static string? TrialBefore(ModelEntry entry, RolloutStep step)
    {
        var at = Array.IndexOf(entry.Trail!, step);
        return at > 0 ? entry.Trail![at - 1].After.Canary?.Version : null;
    }

    private static DateTimeOffset? TimeOf(long? ms) => ms is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
