using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Grid.Streams.Kafka;

/// <summary>Event times as Unix milliseconds. Null: not a time of that format, or not between the years 1 and 9999.</summary>
internal static class EventTimes
{
    private const long MinMs = -62_135_596_800_000;

    private const long MaxMs = 253_402_300_799_999;

    /// <summary>Longer text is no time; the longest ISO form has 33 characters.</summary>
    private const int MaxTextBytes = 48;

    public static long? InRange(long ms) => ms is >= MinMs and <= MaxMs ? ms : null;

    public static long? FromNumber(double number, long? integer, TimeFormat format) => format switch
    {
        TimeFormat.Milliseconds => InRange(integer ?? Whole(number)),
        TimeFormat.Seconds => integer is { } seconds
            ? seconds is >= MinMs / 1000 and <= MaxMs / 1000 ? seconds * 1000 : null
            : InRange(Whole(Math.Round(number * 1000))),
        _ => null,
    };

    public static long? FromText(ReadOnlySpan<byte> utf8, TimeFormat format)
    {
        if (utf8.Length is 0 or > MaxTextBytes)
        {
            return null;
        }

        if (format != TimeFormat.Iso)
        {
            if (Utf8Parser.TryParse(utf8, out long integer, out var used) && used == utf8.Length)
            {
                return FromNumber(integer, integer, format);
            }

            return Utf8Parser.TryParse(utf8, out double number, out used) && used == utf8.Length ? FromNumber(number, null, format) : null;
        }

        Span<char> text = stackalloc char[MaxTextBytes];
        var length = Encoding.UTF8.GetChars(utf8, text);
        return DateTimeOffset.TryParse(text[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && char.IsAsciiDigit(text[0]) && length >= 10 && text[4] == '-'
            ? time.ToUnixTimeMilliseconds()
            : null;
    }

    private static long Whole(double number) => double.IsFinite(number) && Math.Abs(number) < 1e17 ? (long)Math.Floor(number) : long.MaxValue;
}
