using Grid.Abstractions;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads outcomes; one wrong one refuses all, so that none is stored.</summary>
internal static class OutcomesReader
{
    public static List<Outcome> Read(ref JsonCursor cursor, int maxOutcomes)
    {
        List<Outcome>? outcomes = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (!cursor.Is("outcomes"u8))
            {
                throw cursor.Unknown("outcomes");
            }

            outcomes = [];
            cursor.BeginArray("an array of outcomes");
            while (cursor.NextItem())
            {
                if (outcomes.Count == maxOutcomes)
                {
                    throw new GridError(GridErrorCode.TooLarge, "outcomes", $"has more than {maxOutcomes} entries.", "Split the request, or raise GridHttpOptions.MaxEvents.").ToException();
                }

                outcomes.Add(ReadOne(ref cursor, $"outcomes[{outcomes.Count}]"));
            }
        }

        return outcomes ?? throw JsonFault.Missing("outcomes", "an array of outcomes");
    }

    /// <summary>Reads one outcome.</summary>
    /// <param name="cursor">At its beginning.</param>
    /// <param name="target">What to call it in errors.</param>
    public static Outcome ReadOne(ref JsonCursor cursor, string target)
    {
        cursor.RequireObject();
        string? id = null;
        string? model = null;
        string? entity = null;
        DateTimeOffset? time = null;
        double? value = null;
        while (cursor.NextMember())
        {
            if (cursor.Is("prediction_id"u8))
            {
                id = cursor.OptionalText();
            }
            else if (cursor.Is("model"u8))
            {
                model = cursor.OptionalText();
            }
            else if (cursor.Is("entity"u8))
            {
                entity = cursor.OptionalText();
            }
            else if (cursor.Is("time"u8))
            {
                time = cursor.Time();
            }
            else if (cursor.Is("value"u8))
            {
                value = cursor.Number();
            }
            else
            {
                throw cursor.Unknown("prediction_id, model, entity, time, value");
            }
        }

        if (id is null && (model is null || entity is null || time is null))
        {
            throw GridError.Invalid(target, "does not name its prediction.", "Give prediction_id, or model, entity and time.").ToException();
        }

        return new Outcome(
            id,
            model ?? "",
            entity ?? "",
            time?.ToUnixTimeMilliseconds() ?? 0,
            value ?? throw JsonFault.Missing($"{target}.value", "the label"));
    }
}
