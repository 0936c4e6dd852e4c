using System.Globalization;
using System.Text.Json.Serialization;

namespace Grid.Client.Wire;

/// <summary>A point in time on the wire: written as ISO 8601 in UTC with milliseconds, read as ISO 8601 with an offset or as Unix milliseconds.</summary>
[JsonConverter(typeof(WireTimeConverter))]
public readonly record struct WireTime(long UnixMs)
{
    /// <summary>Characters of the text form: <c>2001-01-31T10:00:00.000Z</c>.</summary>
    public const int TextLength = 24;

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>0001-01-01 UTC.</summary>
    public static readonly long MinUnixMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();

    /// <summary>The last millisecond of the year 9999, UTC.</summary>
    public static readonly long MaxUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static WireTime From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public static WireTime? From(DateTimeOffset? time) => time is { } t ? From(t) : null;

    /// <summary>Times outside the years 1 to 9999 (an actor's sentinel) become the nearest that can be written.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(UnixMs, MinUnixMs, MaxUnixMs));

    /// <summary>Writes the text form; the span holds <see cref="TextLength"/> bytes.</summary>
    public void Format8(Span<byte> utf8) => ToDateTimeOffset().UtcDateTime.TryFormat(utf8, out _, Format, CultureInfo.InvariantCulture);

    /// <summary>Parses ISO 8601 with an offset, or Unix milliseconds in digits. A time without an offset is ambiguous, so it is refused.</summary>
    public static bool TryParse(string? text, out WireTime time)
    {
        time = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unixMs))
        {
            time = new WireTime(unixMs);
            return unixMs >= MinUnixMs && unixMs <= MaxUnixMs;
        }

        if (!HasOffset(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return false;
        }

        time = From(parsed);
        return true;
    }

    public override string ToString() => ToDateTimeOffset().UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    // A year first keeps out the many other things that DateTimeOffset takes ("1:00Z" is today).
    private static bool HasOffset(string text)
    {
        if (text.Length < 11 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' '))
        {
            return false;
        }

        return text[^1] is 'Z' or 'z' || text.AsSpan(11).IndexOfAny('+', '-') >= 0;
    }
}
