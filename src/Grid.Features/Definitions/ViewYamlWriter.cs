using System.Globalization;
using System.Text;

namespace Grid.Features.Definitions;

/// <summary>Writes views as canonical YAML: keys in one order, defaults left out, every text that is no plain word quoted.</summary>
internal static class ViewYamlWriter
{
    public static string Write(IReadOnlyList<FeatureViewDefinition> views)
    {
        var text = new StringBuilder();
        foreach (var view in views)
        {
            if (text.Length > 0)
            {
                text.Append("---\n");
            }

            WriteView(text, view);
        }

        return text.ToString();
    }

    private static void WriteView(StringBuilder text, FeatureViewDefinition view)
    {
        Line(text, "view", Quote(view.Name));
        Line(text, "description", view.Description is null ? null : Quote(view.Description));
        Line(text, "scope", view.Scope == ViewScope.Tenant ? "tenant" : null);
        Line(text, "entity", view.Entity is null ? null : Quote(view.Entity));
        Line(text, "partition", view.PartitionKey is null ? null : Quote(view.PartitionKey));
        Line(text, "clock", view.Clock == ViewClock.Event ? "event" : null);
        Line(text, "lateness", view.Lateness is { } lateness ? Durations.Format(lateness) : null);
        Line(text, "time_to_live", view.TimeToLive is { } live ? Durations.Format(live) : null);
        text.Append("events:\n");
        foreach (var (type, fields) in view.EventSchemas.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            var kinds = fields.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => $"{Quote(f.Key)}: {ViewValidator.NameOf(f.Value)}");
            text.Append(CultureInfo.InvariantCulture, $"  {Quote(type)}: {{ {string.Join(", ", kinds)} }}\n");
        }

        text.Append("features:\n");
        foreach (var feature in view.Features)
        {
            text.Append("  - { ").AppendJoin(", ", Entries(feature)).Append(" }\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"windows: {{ form: exact, bound: {view.Bound} }}\n");
    }

    private static IEnumerable<string> Entries(FeatureDefinition feature)
    {
        yield return $"name: {Quote(feature.Name)}";
        if (feature.Event is { } type)
        {
            yield return $"event: {Quote(type)}";
        }

        yield return $"aggregate: {ViewVocabulary.NameOf(feature.Aggregate)}";
        if (feature.Field is { } field)
        {
            yield return $"field: {Quote(field)}";
        }

        if (feature.Where is { } where)
        {
            yield return $"where: {Quote(where)}";
        }

        if (feature.Clamp is { } clamp)
        {
            yield return $"clamp: [{Number(clamp.Low)}, {Number(clamp.High)}]";
        }

        if (feature.Window is { } window)
        {
            yield return $"window: {Durations.Format(window)}";
        }

        if (feature.Unit is { } unit)
        {
            yield return $"unit: {ViewVocabulary.NameOf(unit)}";
        }

        if (feature.Cap is { } cap)
        {
            yield return $"cap: {Number(cap)}";
        }

        if (feature.Default is { } fallback)
        {
            yield return $"default: {Number(fallback)}";
        }

        if (feature.Of is { } of)
        {
            yield return $"of: [{Quote(of.First)}, {Quote(of.Second)}]";
        }
    }

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}: {value}\n");
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "nan" : value.ToString("R", CultureInfo.InvariantCulture);

    // Plain only where YAML cannot take the word for anything else; 'true', 'null' and the like come out quoted.
    private static string Quote(string value)
    {
        var plain = Identifiers.IsName(value) && value.Contains('_', StringComparison.Ordinal) && value is not "_"
            || value.Length > 5 && value.All(char.IsAsciiLetterLower);
        if (plain)
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085' or '\ufeff' || char.IsSurrogate(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
