using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Client.Wire;

/// <summary>Reads and writes times; public because source-generated contexts of other assemblies make it.</summary>
public sealed class WireTimeConverter : JsonConverter<WireTime>
{
    public override WireTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var unixMs))
        {
            return new WireTime(unixMs);
        }

        return reader.TokenType == JsonTokenType.String && WireTime.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("A time is ISO 8601 with an offset, or Unix milliseconds.");
    }

    public override void Write(Utf8JsonWriter writer, WireTime value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[WireTime.TextLength];
        value.Format8(text);
        writer.WriteStringValue(text);
    }
}
