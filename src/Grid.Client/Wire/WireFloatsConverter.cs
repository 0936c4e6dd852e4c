using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Client.Wire;

/// <summary>Reads and writes floats; public because source-generated contexts of other assemblies make it.</summary>
public sealed class WireFloatsConverter : JsonConverter<WireFloats>
{
    public override WireFloats Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return new WireFloats([WireFloat.Read(ref reader)]);
        }

        var values = new List<float>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(WireFloat.Read(ref reader));
        }

        return new WireFloats([.. values]);
    }

    public override void Write(Utf8JsonWriter writer, WireFloats value, JsonSerializerOptions options)
    {
        if (value.Values.Length == 1)
        {
            WireFloat.Write(writer, value.Values[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var item in value.Values)
        {
            WireFloat.Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
