using System.Buffers;
using System.Text.Json;

namespace Grid.Primitives;

/// <summary>The readable form of an encoded event, for people and dead letters.</summary>
public static class EventJson
{
    /// <summary>The first event of a batch as UTF-8 JSON: <c>{"type","time_ms","key"?,"position"?,"fields":{…}}</c>. Numbers that JSON lacks are written as text.</summary>
    public static byte[] Write(EventBatch batch)
    {
        var reader = new EventBatchReader(batch);
        if (!reader.MoveNext())
        {
            throw new ArgumentException("The batch is empty.", nameof(batch));
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", batch.Names[reader.TypeIndex]);
            if (reader.HasTime)
            {
                json.WriteNumber("time_ms", reader.TimeMs);
            }

            if (reader.HasKey)
            {
                json.WriteString("key", reader.KeyUtf8);
            }

            if (reader.HasPosition)
            {
                json.WriteNumber("position", reader.Position);
            }

            json.WriteStartObject("fields");
            var fields = reader.Fields;
            while (fields.MoveNext())
            {
                WriteField(json, batch.Names[fields.NameIndex], fields);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteField(Utf8JsonWriter json, string name, in EventFieldReader field)
    {
        switch (field.Kind)
        {
            case EventValueKind.Number when double.IsFinite(field.Number):
                json.WriteNumber(name, field.Number);
                break;
            case EventValueKind.Number:
                json.WriteString(name, field.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case EventValueKind.Text:
                json.WriteString(name, field.TextUtf8);
                break;
            case EventValueKind.Bool:
                json.WriteBoolean(name, field.Bool);
                break;
            default:
                json.WriteNull(name);
                break;
        }
    }
}
