using System.Buffers;
using System.Text.Json;

namespace Grid.Features.Definitions;

/// <summary>The bytes that a view's digest covers: sorted, with every default written out. Part of stored state: a change here makes every view a new generation.</summary>
internal static class CanonicalForm
{
    private const int Format = 1;

    public static ReadOnlySpan<byte> Of(FeatureViewDefinition view)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("view", view.Name);
            json.WriteString("scope", view.Scope.ToString());
            json.WriteString("entity", view.Entity);
            json.WriteString("partition", view.PartitionKey ?? view.Entity);
            json.WriteString("clock", view.Clock.ToString());
            json.WriteNumber("lateness_ms", (long)view.ResolvedLateness.TotalMilliseconds);
            json.WriteNumber("time_to_live_ms", (long)(view.TimeToLive ?? TimeSpan.Zero).TotalMilliseconds);
            json.WriteString("windows", view.Windows.ToString());
            json.WriteNumber("bound", view.Bound);
            json.WriteStartObject("events");
            foreach (var (type, fields) in view.EventSchemas.OrderBy(static e => e.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(type);
                foreach (var (field, kind) in fields.OrderBy(static f => f.Key, StringComparer.Ordinal))
                {
                    json.WriteString(field, kind.ToString());
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteStartArray("features");
            foreach (var feature in view.Features.OrderBy(static f => f.Name, StringComparer.Ordinal))
            {
                Write(json, feature);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    /// <summary>One feature with all that its value depends on, as text.</summary>
    public static string Of(FeatureViewDefinition view, FeatureDefinition feature)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStringValue($"{view.Scope} {view.Entity} {view.Clock} {view.TimeToLive}");
            Write(json, feature);
            if (feature.Of is { } of)
            {
                foreach (var operand in view.Features.Where(f => f.Name == of.First || f.Name == of.Second).OrderBy(static f => f.Name, StringComparer.Ordinal))
                {
                    Write(json, operand);
                }
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The one spelling of a condition; the text itself where it does not parse.</summary>
    public static string Where(string? where) =>
        where is null ? "" : WhereParser.Parse(where, out _) is { } comparisons ? WhereParser.Canonical(comparisons) : where;

    private static void Write(Utf8JsonWriter json, FeatureDefinition feature)
    {
        json.WriteStartObject();
        json.WriteString("name", feature.Name);
        json.WriteString("event", feature.Event);
        json.WriteString("aggregate", feature.Aggregate.ToString());
        json.WriteString("field", feature.Field);
        json.WriteString("where", Where(feature.Where));
        json.WriteNumber("window_ms", (long)(feature.Window ?? TimeSpan.Zero).TotalMilliseconds);
        json.WriteString("clamp_low", Bits(feature.Clamp?.Low));
        json.WriteString("clamp_high", Bits(feature.Clamp?.High));
        json.WriteString("unit", feature.Aggregate == AggregateKind.TimeSinceLast ? (feature.Unit ?? TimeUnit.Second).ToString() : null);
        json.WriteString("cap", Bits(feature.Cap));
        json.WriteString("default", Bits(feature.ResolvedDefault));
        json.WriteString("first", feature.Of?.First);
        json.WriteString("second", feature.Of?.Second);
        json.WriteEndObject();
    }

    // Every NaN is the same default.
    private static string? Bits(double? value) =>
        value is { } number ? double.IsNaN(number) ? "nan" : number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : null;
}
