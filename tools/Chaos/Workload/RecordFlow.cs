using System.Globalization;
using System.Text.Json.Nodes;

namespace Grid.Chaos.Workload;

/// <summary>Makes the records and the pushed events of one seed. The same seed gives the same ones. Not thread-safe.</summary>
internal sealed class RecordFlow(int seed, int records)
{
    /// <summary>Event time begins here, whatever the clock says.</summary>
    public const long StartMs = 1_700_000_000_000;

    /// <summary>Event time that a run covers.</summary>
    public const long SpanMs = 300_000;

    /// <summary>What features are read as of: after every event, also those from the future.</summary>
    public const long AsOfMs = StartMs + SpanMs + 10_000;

    private const int MaxEntities = 6;

    // Sums of these come out differently in another order, also when rounded to a float. Three times the greatest is below 2^53: greater integers are no numbers to the decoders.
    private static readonly double[] s_weights = [0.1, 3.7, 1e15 + 0.5, -1e15 - 0.5, 12.9, 2.5e15, -2.5e15, 0.3, 77.77, -2e15 + 0.25, 2e15 - 0.25, 1.1];

    private static readonly string[] s_shops = ["a", "b", "c"];
    private static readonly string[] s_pages = ["home", "cart", "help"];

    private readonly Random _random = new(seed);
    private StreamRecord? _repeat;
    private int _made;

    /// <summary>The next record of the stream; null when there are enough.</summary>
    public StreamRecord? Next()
    {
        if (_made == records)
        {
            return null;
        }

        _made++;
        if (_repeat is { } again)
        {
            // The producer sends it once more: another position, so another event.
            _repeat = null;
            return again;
        }

        var arrival = StartMs + (SpanMs * _made / records);
        var tenant = Tenants.Pick(_random);
        var partition = Tenants.Partition(tenant, _random);
        var record = _random.Next(100) < 4
            ? Poison(partition, tenant, arrival)
            : new StreamRecord(partition, Tenants.Name(tenant), Json(Fields(arrival)), arrival);
        _repeat = _random.Next(100) < 3 ? record : null;
        return record;
    }

    /// <summary>Events of one push.</summary>
    public static List<EventFields> PushedEvents(Random random, int count)
    {
        var at = StartMs + random.NextInt64(SpanMs);
        return [.. Enumerable.Range(0, count).Select(i => Buy(random, TimeOf(random, at + i)))];
    }

    public static string Json(EventFields e)
    {
        var json = new JsonObject { ["type"] = e.Type, ["t"] = e.TimeMs };
        Add("id", e.Id);
        Add("amount", e.Amount);
        Add("weight", e.Weight);
        Add("shop", e.Shop);
        Add("ok", e.Ok);
        Add("page", e.Page);
        return json.ToJsonString();

        void Add<T>(string name, T? value)
        {
            if (value is not null)
            {
                json[name] = JsonValue.Create(value);
            }
        }
    }

    private static EventFields Buy(Random random, long time) => new(
        "buy",
        time,
        Entity(random),
        random.Next(20) == 0 ? null : random.Next(-200, 20_000) / 4.0,
        random.Next(10) == 0 ? null : s_weights[random.Next(s_weights.Length)] * random.Next(1, 4),
        random.Next(10) == 0 ? null : s_shops[random.Next(s_shops.Length)],
        random.Next(3) > 0,
        null);

    private static string Entity(Random random) => string.Create(CultureInfo.InvariantCulture, $"e{random.Next(1 + random.Next(MaxEntities))}");

    /// <summary>Mostly about now, sometimes the same as others', sometimes far behind.</summary>
    private static long TimeOf(Random random, long now) => random.Next(20) switch
    {
        0 => now - random.Next(2_400_000),
        < 5 => now / 1000 * 1000,
        _ => now - random.Next(2_000),
    };

    private EventFields Fields(long arrival)
    {
        var time = TimeOf(_random, arrival);
        return _random.Next(100) switch
        {
            < 65 => Buy(_random, time),
            < 88 => new EventFields("look", time, Entity(_random), null, null, null, null, s_pages[_random.Next(s_pages.Length)]),
            < 90 => new EventFields("unheard", time, Entity(_random), 1, null, null, null, null),
            _ => new EventFields("visit", VisitTime(arrival), null, null, s_weights[_random.Next(s_weights.Length)], null, null, null),
        };
    }

    private long VisitTime(long arrival) => _random.Next(15) switch
    {
        0 => arrival + 600_000 + _random.Next(1000),
        1 => arrival - (2 * 86_400_000L) - _random.Next(1000),
        _ => arrival - _random.Next(5_000),
    };

    private StreamRecord Poison(int partition, int tenant, long arrival)
    {
        var name = Tenants.Name(tenant);
        var id = Entity(_random);
        return _random.Next(7) switch
        {
            0 => new StreamRecord(partition, name, "{\"type\":\"buy\",", arrival),
            1 => new StreamRecord(partition, name, $$"""{"t":{{arrival}},"id":"{{id}}"}""", arrival),
            2 => new StreamRecord(partition, name, $$"""{"type":"buy","id":"{{id}}"}""", arrival),
            3 => new StreamRecord(partition, name, $$"""{"type":"buy","t":"soon","id":"{{id}}"}""", arrival),
            4 => new StreamRecord(partition, name, $$"""{"type":"buy","t":{{arrival}},"id":"{{id}}","amount":"many"}""", arrival),
            5 => new StreamRecord(partition, name, $$"""{"type":"look","t":{{arrival}},"page":"home"}""", arrival),
            _ => new StreamRecord(partition, $"no tenant {tenant}", $$"""{"type":"buy","t":{{arrival}},"id":"{{id}}"}""", arrival),
        };
    }
}
