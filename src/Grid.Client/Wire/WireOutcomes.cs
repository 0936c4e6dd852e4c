using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client.Wire;

/// <summary>Outcomes in wire form.</summary>
public static class WireOutcomes
{
    /// <exception cref="GridException">The value is not finite.</exception>
    public static OutcomeBody ToBody(Outcome outcome)
    {
        if (!double.IsFinite(outcome.Value))
        {
            throw GridError.Invalid($"outcome of '{outcome.PredictionId ?? outcome.Entity}'", $"is {outcome.Value}.", "An outcome is a finite number.").ToException();
        }

        return new OutcomeBody
        {
            PredictionId = outcome.PredictionId,
            Model = NullIfEmpty(outcome.Model),
            Entity = NullIfEmpty(outcome.Entity),
            Time = outcome.PredictionId is not null && outcome.TimeMs == 0 ? null : new WireTime(outcome.TimeMs),
            Value = outcome.Value,
        };
    }

    public static OutcomeAnswerBody ToBody(OutcomeAnswer answer) => new() { Verdict = WireEnum.NameOf(answer.Verdict), Reason = answer.Reason };

    /// <exception cref="GridException">The verdict is unknown to this build.</exception>
    public static OutcomeAnswer FromBody(OutcomeAnswerBody body) =>
        WireEnum.TryParse<OutcomeVerdict>(body.Verdict, out var verdict)
            ? new OutcomeAnswer(verdict, body.Reason)
            : throw new GridError(GridErrorCode.Unsupported, $"outcome verdict '{body.Verdict}'", "is not known to this SDK.", "Upgrade the SDK to the silo's version.").ToException();

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
