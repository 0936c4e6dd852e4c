using System.Text;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client.Wire;

/// <summary>Events, deliveries and their answers in wire form.</summary>
public static class WireEvents
{
    // Elements that every event shares: a JsonElement of a literal is immutable and never disposed.
    private static readonly JsonElement True = JsonElement.Parse("true"u8);
    private static readonly JsonElement False = JsonElement.Parse("false"u8);
    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    /// <exception cref="GridException">A field is neither text, number, bool nor null; or a number is not finite.</exception>
    public static EventBody ToBody(GridEvent item)
    {
        var fields = new Dictionary<string, JsonElement>(item.Fields.Count, StringComparer.Ordinal);
        foreach (var (name, value) in item.Fields)
        {
            fields[name] = ToElement(item, name, value);
        }

        return new EventBody { Type = item.Type, Time = WireTime.From(item.Time), Key = item.Key, Fields = fields };
    }

    public static EventAnswerBody ToBody(EventAnswer answer) => new() { Verdict = WireEnum.NameOf(answer.Verdict), Reason = answer.Reason };

    /// <exception cref="GridException">The verdict is unknown to this build.</exception>
    public static EventAnswer FromBody(EventAnswerBody body) =>
        WireEnum.TryParse<EventVerdict>(body.Verdict, out var verdict)
            ? new EventAnswer(verdict, body.Reason)
            : throw new GridError(GridErrorCode.Unsupported, $"verdict '{body.Verdict}'", "is not known to this SDK.", "Upgrade the SDK to the silo's version.").ToException();

    /// <exception cref="GridException">A number is not finite, an event has no position, or the batch is malformed.</exception>
    public static DeliveryBody ToBody(SourceDelivery delivery)
    {
        var events = new List<DeliveryEventBody>(delivery.Events.Count);
        var names = delivery.Events.Names;
        var reader = new EventBatchReader(delivery.Events);
        while (reader.MoveNext())
        {
            if (!reader.HasPosition)
            {
                throw GridError.Invalid($"events[{events.Count}].position", "is missing.", "Give every event of a delivery its position in the partition.").ToException();
            }

            events.Add(new DeliveryEventBody
            {
                Type = names[reader.TypeIndex],
                Time = reader.HasTime ? new WireTime(reader.TimeMs) : null,
                Arrival = reader.HasArrival ? new WireTime(reader.ArrivalMs) : null,
                Position = reader.Position,
                Key = reader.HasKey ? Encoding.UTF8.GetString(reader.KeyUtf8) : null,
                Fields = ToFields(reader.Fields, names, events.Count),
            });
        }

        return new DeliveryBody
        {
            Feed = delivery.Feed,
            Partition = delivery.Partition,
            ReaderEpoch = delivery.ReaderEpoch,
            Previous = delivery.Previous,
            FromFrontier = delivery.FromFrontier,
            Events = events,
        };
    }

    public static DeliveryAnswerBody ToBody(DeliveryAnswer answer) => new()
    {
        Status = WireEnum.NameOf(answer.Status),
        AppliedMark = answer.AppliedMark,
        DurableMark = answer.DurableMark,
        Error = answer.Error is { } error ? WireErrors.ToBody(error) : null,
    };

    /// <exception cref="GridException">The status is unknown to this build.</exception>
    public static DeliveryAnswer FromBody(DeliveryAnswerBody body) =>
        WireEnum.TryParse<DeliveryStatus>(body.Status, out var status)
            ? new DeliveryAnswer(status, body.AppliedMark, body.DurableMark, body.Error is { } error ? WireErrors.FromBody(error) : null)
            : throw new GridError(GridErrorCode.Unsupported, $"delivery status '{body.Status}'", "is not known to this SDK.", "Upgrade the SDK to the silo's version.").ToException();

    private static Dictionary<string, JsonElement> ToFields(EventFieldReader reader, string[] names, int index)
    {
        var fields = new Dictionary<string, JsonElement>(reader.Left, StringComparer.Ordinal);
        while (reader.MoveNext())
        {
            var name = names[reader.NameIndex];
            fields[name] = reader.Kind switch
            {
                EventValueKind.Number => Number($"events[{index}].fields.{name}", reader.Number),
                EventValueKind.Text => Text(Encoding.UTF8.GetString(reader.TextUtf8)),
                EventValueKind.Bool => reader.Bool ? True : False,
                _ => Null,
            };
        }

        return fields;
    }

    private static JsonElement ToElement(GridEvent item, string name, object? value) => value switch
    {
        null => Null,
        string text => Text(text),
        bool flag => flag ? True : False,
        double or float or decimal or int or long or short or sbyte or byte or uint or ushort or ulong
            => Number($"event '{item.Key}', field '{name}'", Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw GridError.Invalid($"event '{item.Key}', field '{name}'", $"is a {value.GetType().Name}.", "A field is text, a number, a bool or null.").ToException(),
    };

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, WireContext.Default.String);

    private static JsonElement Number(string target, double value) =>
        double.IsFinite(value)
            ? JsonSerializer.SerializeToElement(value, WireContext.Default.Double)
            : throw GridError.Invalid(target, $"is {value}.", "A number field is finite; leave the field out where there is no value.").ToException();
}
