using System.IO.Hashing;
using System.Text;
using Grid.Chaos.Workload;

namespace Grid.Chaos.Checking;

/// <summary>
/// The slow, obvious model of one tenant: lists of what each view took, in the order in which it was applied, and each feature worked out from the list.
/// Shares no code with the product.
/// </summary>
internal sealed class PlainShard
{
    private const long RecentLatenessMs = 600_000;
    private const long VisitLatenessMs = 86_400_000;
    private const long AllowedSkewMs = 300_000;
    private const long MinuteMs = 60_000;

    private readonly Dictionary<string, PlainSource> _sources = [];

    /// <summary>By entity: what <c>total</c> took.</summary>
    public SortedDictionary<string, List<PlainEntry>> Total { get; } = new(StringComparer.Ordinal);

    /// <summary>By entity: what <c>recent</c> took.</summary>
    public SortedDictionary<string, List<PlainEntry>> Recent { get; } = new(StringComparer.Ordinal);

    public List<PlainEntry> Visits { get; } = [];

    /// <summary>Applies an event.</summary>
    /// <param name="feed">The feed; <c>push</c> for pushes.</param>
    /// <param name="partition">The partition; empty for pushes.</param>
    /// <param name="position">The offset; the upper half of the key's hash for pushes.</param>
    /// <param name="arrivalMs">When it arrived.</param>
    /// <param name="e">The event.</param>
    /// <returns>Why it is set aside, or null where a view took it.</returns>
    public string? Apply(string feed, string partition, long position, long arrivalMs, EventFields e)
    {
        var name = $"{feed}\n{partition}";
        if (!_sources.TryGetValue(name, out var source))
        {
            source = _sources[name] = new PlainSource(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)));
        }

        var entry = new PlainEntry(e, source.Order, position);
        if (e.Type == "visit")
        {
            if (e.TimeMs > arrivalMs + AllowedSkewMs)
            {
                return "FromTheFuture";
            }

            if (e.TimeMs < Math.Max(arrivalMs, source.ClockedWatermark) - VisitLatenessMs)
            {
                return "TooLate";
            }

            Visits.Add(entry);
            source.ClockedWatermark = Math.Max(source.ClockedWatermark, e.TimeMs);
            source.Watermark = Math.Max(source.Watermark, e.TimeMs);
            return null;
        }

        var isRecent = source.Watermark == long.MinValue || e.TimeMs >= source.Watermark - RecentLatenessMs;
        if (e.Type == "look" && !isRecent)
        {
            return "TooLate";
        }

        if (e.Type == "buy")
        {
            Of(Total, e.Id!).Add(entry);
        }

        if (isRecent)
        {
            Of(Recent, e.Id!).Add(entry);
        }

        source.Watermark = Math.Max(source.Watermark, e.TimeMs);
        return null;
    }

    public static SortedDictionary<string, double> ReadTotal(List<PlainEntry> buys, long asOfMs)
    {
        var minute = buys.Where(b => b.Event.TimeMs <= asOfMs && b.Event.TimeMs > asOfMs - MinuteMs).ToList();
        var features = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["n"] = buys.Count,
            ["sum_w"] = Sum(buys.Select(static b => b.Event.Weight)),
            ["mean_w_ok"] = Mean([.. buys.Where(static b => b.Event.Ok == true).Select(static b => b.Event.Weight)]),
            ["min_a"] = Values(buys).DefaultIfEmpty().Min(),
            ["max_a"] = Values(buys.Where(static b => b.Event.Shop is { } shop && shop != "b")).DefaultIfEmpty().Max(),
            ["last_a"] = Last(buys),
            ["since"] = (asOfMs - buys.Max(static b => b.Event.TimeMs)) / 1000.0,
            ["share_ok"] = (double)buys.Count(static b => b.Event.Ok == true) / buys.Count,
            ["n_1m"] = minute.Count,
            ["sum_1m"] = Values(minute).Sum(),
            ["max_1m"] = Values(minute).DefaultIfEmpty().Max(),
            ["last_1m"] = Last(minute.Where(static b => b.Event.Shop == "a")),
        };
        features["rate"] = features["n_1m"] == 0 ? 0 : features["sum_1m"] / features["n_1m"];
        features["delta"] = features["max_a"] - features["min_a"];
        return features;
    }

    public static SortedDictionary<string, double> ReadRecent(List<PlainEntry> entries, long asOfMs)
    {
        var looks = entries.Where(static e => e.Event.Type == "look").ToList();
        var buys = entries.Where(static e => e.Event.Type == "buy").ToList();
        return new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["looks"] = looks.Count,
            ["home_5m"] = looks.Count(l => l.Event.Page == "home" && l.Event.TimeMs > asOfMs - (5 * MinuteMs)),
            ["buys"] = buys.Count,
            ["sum_10m"] = Values(buys.Where(b => b.Event.TimeMs > asOfMs - (10 * MinuteMs))).Sum(static a => Math.Clamp(a, 0, 100)),
        };
    }

    public SortedDictionary<string, double> ReadVisits() => new(StringComparer.Ordinal) { ["n"] = Visits.Count, ["sum"] = Sum(Visits.Select(static v => v.Event.Weight)) };

    private static List<PlainEntry> Of(SortedDictionary<string, List<PlainEntry>> view, string entity)
    {
        if (!view.TryGetValue(entity, out var entries))
        {
            view.Add(entity, entries = []);
        }

        return entries;
    }

    private static IEnumerable<double> Values(IEnumerable<PlainEntry> entries) => entries.Where(static e => e.Event.Amount is not null).Select(static e => e.Event.Amount!.Value);

    /// <summary>One after the other, in the order given.</summary>
    private static double Sum(IEnumerable<double?> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value ?? 0;
        }

        return sum;
    }

    private static double Mean(List<double?> values) => values.Any(static v => v is not null) ? Sum(values) / values.Count(static v => v is not null) : 0;

    private static double Last(IEnumerable<PlainEntry> entries)
    {
        PlainEntry? last = null;
        foreach (var entry in entries.Where(static e => e.Event.Amount is not null))
        {
            last = last is null || entry.IsAfter(last) ? entry : last;
        }

        return last?.Event.Amount ?? 0;
    }
}
