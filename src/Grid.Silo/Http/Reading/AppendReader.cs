using System.Text.Json;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>
/// Reads appends. What is wrong with one event refuses that event by its field, and the others go on; what is wrong with the body refuses all.
/// </summary>
internal static class AppendReader
{
    /// <exception cref="GridException">The body is wrong as a whole, or has more events than the limit.</exception>
    public static AppendCommand Read(ref JsonCursor cursor, int maxEvents)
    {
        List<GridEvent>? events = null;
        List<EventAnswer?>? refused = null;
        var ack = AckMode.Durable;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("events"u8))
            {
                events = [];
                refused = [];
                cursor.BeginArray("an array of {type, time, key, fields}");
                while (cursor.NextItem())
                {
                    if (refused.Count == maxEvents)
                    {
                        throw new GridError(GridErrorCode.TooLarge, "events", $"has more than {maxEvents} entries.", "Split the request, or raise GridHttpOptions.MaxEvents.").ToException();
                    }

                    var item = ReadEvent(ref cursor, out var fault);
                    if (item is not null)
                    {
                        events.Add(item);
                    }

                    refused.Add(fault is null ? null : new EventAnswer(EventVerdict.Refused, fault));
                }
            }
            else if (cursor.Is("ack"u8))
            {
                if (!WireEnum.TryParse(cursor.Text(), out ack))
                {
                    throw cursor.WrongKind("\"durable\" or \"applied\"");
                }
            }
            else
            {
                throw cursor.Unknown("events, ack");
            }
        }

        return events is null ? throw JsonFault.Missing("events", "an array of {type, time, key, fields}") : new AppendCommand(events, refused!, ack);
    }

    /// <summary>Reads one event to its end, whatever is wrong with it; the first fault is kept.</summary>
    public static GridEvent? ReadEvent(ref JsonCursor cursor, out string? fault)
    {
        fault = null;
        if (cursor.Token != JsonTokenType.StartObject)
        {
            fault = $"is {cursor.Describe()}; an event is an object";
            cursor.SkipRest();
            return null;
        }

        string? type = null;
        string? key = null;
        WireTime? time = null;
        Dictionary<string, object?>? fields = null;
        while (cursor.NextMember())
        {
            if (cursor.Is("type"u8))
            {
                type = ReadName(ref cursor, "type", ref fault);
            }
            else if (cursor.Is("key"u8))
            {
                key = ReadText(ref cursor, "key", ref fault);
            }
            else if (cursor.Is("time"u8))
            {
                cursor.Next();
                if (cursor.TryGetTime(out var value))
                {
                    time = value;
                }
                else
                {
                    fault ??= $"time is {cursor.Describe()}; it must be {JsonCursor.TimeKind}";
                    cursor.SkipRest();
                }
            }
            else if (cursor.Is("fields"u8))
            {
                fields = ReadFields(ref cursor, ref fault);
            }
            else
            {
                fault ??= $"{cursor.Name()} is not known; an event has type, time, key and fields";
                cursor.SkipRest();
            }
        }

        fault ??= type is null ? "type is missing"
            : time is null ? "time is missing"
            : string.IsNullOrEmpty(key) ? "key is missing: give each event the caller's own id of it, unique within the tenant"
            : null;
        return fault is null ? new GridEvent(type!, time!.Value.ToDateTimeOffset(), key!, fields ?? []) : null;
    }

    private static string? ReadName(ref JsonCursor cursor, string member, ref string? fault)
    {
        var text = ReadText(ref cursor, member, ref fault);
        if (text is not null && !GridNames.IsValid(text))
        {
            fault ??= $"{member} is not a valid name. {GridNames.Rule}";
        }

        return text;
    }

    private static string? ReadText(ref JsonCursor cursor, string member, ref string? fault)
    {
        cursor.Next();
        if (cursor.Token == JsonTokenType.String)
        {
            return cursor.CurrentText();
        }

        fault ??= $"{member} is {cursor.Describe()}; it must be a text";
        cursor.SkipRest();
        return null;
    }

    private static Dictionary<string, object?>? ReadFields(ref JsonCursor cursor, ref string? fault)
    {
        cursor.Next();
        if (cursor.Token != JsonTokenType.StartObject)
        {
            fault ??= $"fields is {cursor.Describe()}; it must be an object";
            cursor.SkipRest();
            return null;
        }

        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (cursor.NextMember())
        {
            var name = cursor.Name();
            cursor.Next();
            if (!EventFieldJson.TryRead(ref cursor, out var value))
            {
                fault ??= $"fields.{name} is {cursor.Describe()}; it must be text, a finite number, true, false or null";
                cursor.SkipRest();
            }
            else if (!fields.TryAdd(name, value))
            {
                fault ??= $"fields.{name} is given twice";
            }
        }

        return fields;
    }
}
