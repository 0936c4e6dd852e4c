using System.Text;
using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>Reads an outcome out of a decoded record. What it lacks is judged where outcomes are stored.</summary>
internal static class OutcomeFields
{
    /// <param name="names">Names of the batch.</param>
    /// <param name="timeMs">Time of the event.</param>
    /// <param name="fields">Its fields; those of other names are passed over.</param>
    public static Outcome Read(string[] names, long timeMs, EventFieldReader fields)
    {
        string? id = null;
        var model = "";
        var entity = "";

        // A record without a label must not become one.
        var value = double.NaN;
        while (fields.MoveNext())
        {
            switch (names[fields.NameIndex])
            {
                case "prediction_id":
                    id = Text(fields) is { Length: > 0 } text ? text : null;
                    break;
                case "model":
                    model = Text(fields);
                    break;
                case "entity":
                    entity = Text(fields);
                    break;
                case "value":
                    value = fields.Kind switch { EventValueKind.Number => fields.Number, EventValueKind.Bool => fields.Bool ? 1 : 0, _ => double.NaN };
                    break;
            }
        }

        return new Outcome(id, model, entity, timeMs, value);
    }

    private static string Text(EventFieldReader field) => field.Kind == EventValueKind.Text ? Encoding.UTF8.GetString(field.TextUtf8) : "";
}
