using System.Text.Json;

namespace Grid.Client.Wire;

/// <summary>How a float that may not be finite is written in JSON: a number, or one of <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
public static class WireFloat
{
    public static void Write(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(NameOf(value));
        }
    }

    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(NameOf(value));
        }
    }

    /// <exception cref="JsonException">The token is neither a number nor one of the three names.</exception>
    public static float Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetSingle()
        : TryReadName(ref reader, out var value) ? (float)value
        : throw new JsonException("A value is a number, \"NaN\", \"Infinity\" or \"-Infinity\".");

    /// <summary>Reads one of the three names.</summary>
    public static bool TryReadName(ref Utf8JsonReader reader, out double value)
    {
        value = double.NaN;
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        if (reader.ValueTextEquals("Infinity"u8))
        {
            value = double.PositiveInfinity;
            return true;
        }

        if (reader.ValueTextEquals("-Infinity"u8))
        {
            value = double.NegativeInfinity;
            return true;
        }

        return reader.ValueTextEquals("NaN"u8);
    }

    private static string NameOf(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
