using System.Text;

namespace Grid.Silo.Metrics;

/// <summary>Names of instruments and tags in Prometheus' alphabet.</summary>
internal static class MetricName
{
    /// <summary>Lower-case words joined by one underscore; the unit and <c>total</c> are added where the name does not end in them.</summary>
    public static string Of(string instrument, string unitSuffix, bool isCounter)
    {
        var name = Words(instrument);
        if (isCounter && name.EndsWith("_total", StringComparison.Ordinal))
        {
            name = name[..^"_total".Length];
        }

        if (unitSuffix.Length > 0 && !name.EndsWith($"_{unitSuffix}", StringComparison.Ordinal))
        {
            name = $"{WithoutUnit(name)}_{unitSuffix}";
        }

        return isCounter ? $"{name}_total" : name;
    }

    /// <summary>A tag's key as a label.</summary>
    public static string Label(string tag)
    {
        var name = Words(tag);

        // The exposition format keeps these for itself.
        return name is "le" or "quantile" ? $"tag_{name}" : name;
    }

    private static string Words(string text)
    {
        var name = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsAsciiLetterOrDigit(c))
            {
                Separate(name);
                continue;
            }

            if (char.IsAsciiLetterUpper(c) && i > 0 && char.IsAsciiLetterLower(text[i - 1]))
            {
                Separate(name);
            }

            name.Append(char.ToLowerInvariant(c));
        }

        while (name.Length > 0 && name[^1] == '_')
        {
            name.Length--;
        }

        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            name.Insert(0, '_');
        }

        return name.ToString();
    }

    private static void Separate(StringBuilder name)
    {
        if (name.Length > 0 && name[^1] != '_')
        {
            name.Append('_');
        }
    }

    // "latency_ms" in milliseconds is emitted in seconds: the old ending would lie.
    private static string WithoutUnit(string name)
    {
        foreach (var unit in (ReadOnlySpan<string>)["_ms", "_milliseconds", "_us", "_microseconds", "_ns", "_s", "_mb", "_percent"])
        {
            if (name.EndsWith(unit, StringComparison.Ordinal))
            {
                return name[..^unit.Length];
            }
        }

        return name;
    }
}
