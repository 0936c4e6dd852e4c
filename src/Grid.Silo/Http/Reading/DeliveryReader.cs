using System.Text.Json;
using Grid.Abstractions;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads deliveries straight into the events' wire form. A delivery is taken whole or refused whole: its positions are what makes it exact.</summary>
internal static class DeliveryReader
{
    /// <exception cref="GridException">Something is missing or of a wrong kind, or there are more events than the limit.</exception>
    public static SourceDelivery Read(ref JsonCursor cursor, int maxEvents)
    {
        string? feed = null;
        string? partition = null;
        long? epoch = null;
        long? previous = null;
        var fromFrontier = false;
        EventBatch? events = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("feed"u8))
            {
                feed = cursor.Text();
            }
            else if (cursor.Is("partition"u8))
            {
                partition = cursor.Text();
            }
            else if (cursor.Is("reader_epoch"u8))
            {
                epoch = cursor.Integer(0, long.MaxValue);
            }
            else if (cursor.Is("previous"u8))
            {
                previous = cursor.Integer(-1, long.MaxValue);
            }
            else if (cursor.Is("from_frontier"u8))
            {
                fromFrontier = cursor.Bool();
            }
            else if (cursor.Is("events"u8))
            {
                events = ReadEvents(ref cursor, maxEvents);
            }
            else
            {
                throw cursor.Unknown("feed, partition, reader_epoch, previous, from_frontier, events");
            }
        }

        return new SourceDelivery(
            feed ?? throw JsonFault.Missing("feed", "the name of the feed"),
            partition ?? throw JsonFault.Missing("partition", "the partition of the feed"),
            epoch ?? throw JsonFault.Missing("reader_epoch", "the epoch of the reader"),
            previous ?? throw JsonFault.Missing("previous", "the position of the event before the first, or -1"),
            fromFrontier,
            events ?? throw JsonFault.Missing("events", "an array of events with positions"));
    }

    private static EventBatch ReadEvents(ref JsonCursor cursor, int maxEvents)
    {
        var builder = new EventBatchBuilder();
        cursor.BeginArray("an array of events");
        var last = -1L;
        while (cursor.NextItem())
        {
            if (builder.Count == maxEvents)
            {
                throw new GridError(GridErrorCode.TooLarge, "events", $"has more than {maxEvents} entries.", "Split the delivery, or raise GridHttpOptions.MaxEvents.").ToException();
            }

            last = ReadEvent(ref cursor, builder, last);
        }

        return builder.Build();
    }

    private static long ReadEvent(ref JsonCursor cursor, EventBatchBuilder builder, long last)
    {
        cursor.RequireObject();
        var index = builder.Count;
        string? type = null;
        long? position = null;
        long? time = null;
        long? arrival = null;
        string? key = null;
        Dictionary<string, object?>? fields = null;
        while (cursor.NextMember())
        {
            if (cursor.Is("type"u8))
            {
                type = cursor.Text();
            }
            else if (cursor.Is("position"u8))
            {
                position = cursor.Integer(0, long.MaxValue);
                if (position <= last)
                {
                    throw cursor.WrongKind($"over {last}, the position before");
                }
            }
            else if (cursor.Is("time"u8))
            {
                time = cursor.Time().ToUnixTimeMilliseconds();
            }
            else if (cursor.Is("arrival"u8))
            {
                arrival = cursor.Time().ToUnixTimeMilliseconds();
            }
            else if (cursor.Is("key"u8))
            {
                key = cursor.OptionalText();
            }
            else if (cursor.Is("fields"u8))
            {
                fields = ReadFields(ref cursor);
            }
            else
            {
                throw cursor.Unknown("type, time, arrival, position, key, fields");
            }
        }

        builder
            .Begin(GridNames.Require("event type", type ?? throw JsonFault.Missing($"events[{index}].type", "the event type")))
            .Position(position ?? throw JsonFault.Missing($"events[{index}].position", "the position of the event in its partition"));
        if (time is { } t)
        {
            builder.Time(t);
        }

        if (arrival is { } a)
        {
            builder.Arrival(a);
        }

        if (key is not null)
        {
            builder.Key(key);
        }

        foreach (var (name, value) in fields ?? [])
        {
            _ = value switch
            {
                double number => builder.Field(name, number),
                string text => builder.Field(name, text),
                bool flag => builder.Field(name, flag),
                _ => builder.FieldNull(name),
            };
        }

        builder.End();
        return position.Value;
    }

    private static Dictionary<string, object?> ReadFields(ref JsonCursor cursor)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            var name = cursor.Name();
            if (fields.ContainsKey(name))
            {
                throw cursor.Twice();
            }

            cursor.Next();
            fields.Add(name, EventFieldJson.TryRead(ref cursor, out var value) ? value : throw cursor.WrongKind("text, a finite number, true, false or null"));
        }

        return fields;
    }
}
