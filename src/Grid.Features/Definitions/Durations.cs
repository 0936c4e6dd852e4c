using System.Globalization;

namespace Grid.Features.Definitions;

/// <summary>Durations as views write them: <c>500ms</c>, <c>90s</c>, <c>30m</c>, <c>1h</c>, <c>7d</c>.</summary>
public static class Durations
{
    public const string Rule = "Write a whole number and a unit: 500ms, 90s, 30m, 1h, 7d.";

    /// <summary>The longest duration a view may name: ten years, well inside the range of event times.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        long unit = text.AsSpan(digits) switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 0,
        };
        if (unit == 0 || digits is 0 or > 15 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > (long)Longest.TotalMilliseconds / unit)
        {
            return false;
        }

        value = TimeSpan.FromMilliseconds(count * unit);
        return true;
    }

    /// <summary>The shortest text that parses to the value, in the largest unit that divides it.</summary>
    public static string Format(TimeSpan value)
    {
        var ms = (long)value.TotalMilliseconds;
        var (count, unit) = ms switch
        {
            0 => (0, "ms"),
            _ when ms % 86_400_000 == 0 => (ms / 86_400_000, "d"),
            _ when ms % 3_600_000 == 0 => (ms / 3_600_000, "h"),
            _ when ms % 60_000 == 0 => (ms / 60_000, "m"),
            _ when ms % 1_000 == 0 => (ms / 1_000, "s"),
            _ => (ms, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }

    /// <summary>As <see cref="Format"/> where that loses nothing.</summary>
    internal static string Describe(TimeSpan value) => value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? Format(value) : value.ToString();
}
