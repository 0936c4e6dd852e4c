using Grid.Abstractions;
using Grid.Grains.Predictions;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;

namespace Grid.Grains.Outcomes;

/// <summary>Takes outcomes in, each judged for itself. Thread-safe.</summary>
internal sealed class OutcomeIntake(IOutcomeStore store, PredictionLogs logs, OutcomeInstruments instruments, OutcomeForwarder monitors, TimeProvider time)
{
    /// <summary>Stores what can be stored.</summary>
    /// <returns>What became of each, in order. What is stored is durable.</returns>
    /// <exception cref="GridException">The store is away, or a log that must be asked is. Reporting the same again is safe.</exception>
    public async Task<OutcomeAnswer[]> ReportAsync(string workspace, string tenant, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        var answers = new OutcomeAnswer[outcomes.Count];
        var records = new OutcomeRecord?[outcomes.Count];
        var now = time.GetUtcNow();

        // 1. Each for itself.
        for (var i = 0; i < answers.Length; i++)
        {
            if (Check(outcomes[i], tenant, out var timeMs) is { } error)
            {
                answers[i] = new OutcomeAnswer(Abstractions.OutcomeVerdict.Refused, error.ToString());
            }
            else
            {
                records[i] = new OutcomeRecord(outcomes[i].PredictionId, outcomes[i].Model, outcomes[i].Entity, DateTimeOffset.FromUnixTimeMilliseconds(timeMs), outcomes[i].Value, now);
            }
        }

        // 2. The log says whose predictions they are where the caller does not.
        string[] unknown = [.. records.Where(static r => r is { Model.Length: 0 }).Select(static r => r!.PredictionId!)];
        if (unknown.Length > 0)
        {
            var models = await logs.FindModelsAsync(workspace, unknown, cancellationToken);
            for (var i = 0; i < answers.Length; i++)
            {
                if (records[i] is not { Model.Length: 0 } record)
                {
                    continue;
                }

                records[i] = models.TryGetValue(record.PredictionId!, out var model) ? record with { Model = model } : null;
                if (records[i] is null)
                {
                    answers[i] = new OutcomeAnswer(Abstractions.OutcomeVerdict.Unmatched, "prediction_id: is not in the log. Name the model, and the outcome is kept all the same.");
                }
            }
        }

        // 3. All that are right in one transaction.
        OutcomeRecord[] good = [.. records.OfType<OutcomeRecord>()];
        var verdicts = good.Length == 0 ? [] : await store.ReportAsync(workspace, tenant, good, cancellationToken);
        for (int i = 0, next = 0; i < answers.Length; i++)
        {
            if (records[i] is { } record)
            {
                answers[i] = AnswerOf(verdicts[next++]);

                // A repeated one too: whoever reported it first may have died before a monitor knew.
                if (answers[i].Reason is null)
                {
                    monitors.Offer(
                        new ModelKey(workspace, record.Model),
                        new ObservedOutcome(tenant, record.PredictionId, record.Entity, record.Time.ToUnixTimeMilliseconds(), record.Value, null, null));
                }
            }

            instruments.Reported(answers[i].Verdict);
        }

        return answers;
    }

    private static OutcomeAnswer AnswerOf(Storage.OutcomeVerdict verdict) => new(
        (Abstractions.OutcomeVerdict)(byte)verdict,
        verdict == Storage.OutcomeVerdict.Mismatched ? "model: is not the one that this prediction's outcome was stored under." : null);

    private static GridError? Check(Outcome outcome, string tenant, out long timeMs)
    {
        timeMs = outcome.TimeMs;
        if (!double.IsFinite(outcome.Value))
        {
            return GridError.Invalid("value", $"is {outcome.Value}.", "A label is a finite number: 0 or 1 for a binary model.");
        }

        if ((outcome.PredictionId is null || outcome.Model.Length > 0) && GridNames.Check("model", outcome.Model) is { } wrong)
        {
            return wrong with { Target = "model" };
        }

        if (outcome.PredictionId is not { } text)
        {
            return outcome.Entity.Length == 0 ? GridError.Invalid("entity", "is empty.", "Give prediction_id, or model, entity and time.")
                : !IsTime(timeMs) ? GridError.Invalid("time", $"is {timeMs} ms.", "Give a time of the years 1 to 9999.")
                : null;
        }

        if (!PredictionId.TryParse(text, out var id) || !IsTime(id.TimeMs))
        {
            return GridError.Invalid("prediction_id", $"'{text}' is no prediction id.", "Give the id that the prediction was answered with.");
        }

        // Joined by the prediction's own time, whatever the caller remembers.
        timeMs = id.TimeMs;
        return id.Tenant == tenant ? null : GridError.Invalid("prediction_id", "is not of this tenant.", "Report it to the tenant that asked for the prediction.");
    }

    private static bool IsTime(long ms) => ms >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
