using System.Collections.Immutable;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Feeding;

/// <summary>Turns the rows of one replica's feed into sketches, away from the prediction path, and cuts them into deltas for the monitor. Used by one thread at a time.</summary>
public sealed class SketchCollector
{
    /// <summary>Tenants whose previous row is remembered, to measure how much features repeat.</summary>
    public const int MaximumRemembered = 1024;

    /// <summary>Columns that are looked at tenant by tenant at the same time.</summary>
    public const int MaximumTenantColumns = 4;

    /// <summary>Windows between two cuts, where rows are divided by their own time; a row of a further one waits for the next cut.</summary>
    public const int MaximumWindows = 32;

    private readonly PredictionFeed _feed;
    private readonly SketchLayout _layout;
    private readonly string _silo;
    private readonly long _epoch;
    private readonly ImmutableArray<int> _columns;
    private readonly Func<DateTimeOffset, DateTimeOffset>? _window;
    private readonly Dictionary<string, float[]> _before = new(StringComparer.Ordinal);
    private readonly SortedDictionary<DateTimeOffset, Part> _parts = [];
    private readonly float[] _taken;
    private readonly ulong[] _takenMissing;
    private readonly float[] _row;
    private readonly ulong[] _missing;
    private ImmutableArray<int> _tenantColumns = [];
    private (string Tenant, long TimeMs)? _held;
    private long _skippedBefore;
    private long _sequence;
    private DateTimeOffset _from;

    /// <param name="feed">The replica's ring; this becomes its only reader.</param>
    /// <param name="layout">The version's layout.</param>
    /// <param name="silo">Name of the process.</param>
    /// <param name="epoch">Greater with every start of the process, so that sequences may begin anew.</param>
    /// <param name="now">Start of the first delta.</param>
    /// <param name="columns">Which columns of the feed the layout's are; empty: all of them, in their order.</param>
    /// <param name="window">Start of the window that a time is in: rows are divided by their own time. Null: they count when they are drained.</param>
    public SketchCollector(
        PredictionFeed feed,
        SketchLayout layout,
        string silo,
        long epoch,
        DateTimeOffset now,
        ImmutableArray<int> columns = default,
        Func<DateTimeOffset, DateTimeOffset>? window = null)
    {
        _columns = columns.IsDefaultOrEmpty ? [.. Enumerable.Range(0, feed.Columns)] : columns;
        if (_columns.Length != layout.Columns.Length || _columns.Any(c => c < 0 || c >= feed.Columns))
        {
            throw GridError.Invalid("sketch layout", $"has {layout.Columns.Length} columns, the feed {feed.Columns}.", "Use a baseline with the model's features and outputs, in their order.").ToException();
        }

        (_feed, _layout, _silo, _epoch, _from, _window) = (feed, layout, silo, epoch, now, window);
        _taken = new float[feed.Columns];
        _takenMissing = new ulong[(feed.Columns + 63) / 64];
        _row = new float[_columns.Length];
        _missing = new ulong[(_columns.Length + 63) / 64];
    }

    /// <summary>No further window fits before a cut.</summary>
    public bool IsFull => _held is not null;

    /// <summary>Looks at these columns tenant by tenant from now on, and at no others.</summary>
    /// <param name="columns">Places in the layout; beyond <see cref="MaximumTenantColumns"/> they are left out.</param>
    public void WatchTenants(IEnumerable<int> columns) =>
        _tenantColumns = [.. columns.Where(c => c >= 0 && c < _layout.Columns.Length).Distinct().Take(MaximumTenantColumns)];

    /// <summary>Takes what is in the ring, at most one round of it, so that a fast writer cannot hold the thread.</summary>
    /// <returns>Rows taken.</returns>
    public int Drain(int maximumRows = PredictionFeed.DefaultCapacity)
    {
        var taken = 0;
        while (taken < maximumRows && TryTake(out var tenant, out var timeMs))
        {
            if (PartOf(timeMs) is not { } part)
            {
                _held = (tenant, timeMs);
                return taken;
            }

            taken++;
            Add(part, tenant, timeMs);
        }

        if (taken < maximumRows)
        {
            _feed.Relax();
        }

        return taken;
    }

    /// <summary>What was collected since the last cut, the oldest window first; empty where nothing was. Send each again, unchanged, until the monitor has answered.</summary>
    public IReadOnlyList<SketchDelta> Cut(DateTimeOffset now)
    {
        var skipped = _feed.Skipped - _skippedBefore;
        if (skipped > 0 && _parts.Count == 0 && _window is null)
        {
            _parts.Add(default, new Part(_layout));
        }

        if (skipped > 0 && _parts.Count > 0)
        {
            // Which window they were in is not known; the newest is the likeliest.
            _parts.Last().Value.Total.AddSkipped(skipped);
            _skippedBefore += skipped;
        }

        SketchDelta[] deltas =
        [
            .. _parts.Values.Select(p => new SketchDelta(
                _silo,
                _epoch,
                ++_sequence,
                _window is null ? _from : DateTimeOffset.FromUnixTimeMilliseconds(p.FirstMs),
                _window is null ? now : DateTimeOffset.FromUnixTimeMilliseconds(p.LastMs),
                p.Total,
                p.Tenants)),
        ];
        _parts.Clear();
        _from = now;
        return deltas;
    }

    private bool TryTake(out string tenant, out long timeMs)
    {
        if (_held is { } held)
        {
            (tenant, timeMs) = held;
            _held = null;
            return true;
        }

        return _feed.TryTake(_taken, _takenMissing, out tenant, out timeMs);
    }

    private Part? PartOf(long timeMs)
    {
        var start = _window?.Invoke(DateTimeOffset.FromUnixTimeMilliseconds(timeMs)) ?? default;
        if (_parts.TryGetValue(start, out var part))
        {
            return part;
        }

        if (_parts.Count == MaximumWindows)
        {
            return null;
        }

        _parts.Add(start, part = new Part(_layout));
        return part;
    }

    private void Add(Part part, string tenant, long timeMs)
    {
        Array.Clear(_missing);
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = _columns[i];
            _row[i] = _taken[column];
            _missing[i >> 6] |= (_takenMissing[column >> 6] >> (column & 63) & 1) << (i & 63);
        }

        part.Total.AddRow(_row, _missing);
        part.FirstMs = Math.Min(part.FirstMs, timeMs);
        part.LastMs = Math.Max(part.LastMs, timeMs);
        var before = _before.GetValueOrDefault(tenant);
        foreach (var column in tenant.Length == 0 ? [] : _tenantColumns)
        {
            if (!part.Tenants.TryGetValue(column, out var tenants))
            {
                part.Tenants.Add(column, tenants = new TenantSketch(_layout.Columns[column]));
            }

            tenants.Add(tenant, _row[column], (_missing[column >> 6] >> (column & 63) & 1) != 0, before?[column]);
        }

        if (before is not null)
        {
            part.Total.AddRepeat(before, _row);
            _row.CopyTo(before, 0);
        }
        else if (_before.Count < MaximumRemembered)
        {
            _before.Add(tenant, [.. _row]);
        }
    }

    private sealed class Part(SketchLayout layout)
    {
        public SketchSet Total { get; } = new(layout);

        public Dictionary<int, TenantSketch> Tenants { get; } = [];

        public long FirstMs { get; set; } = long.MaxValue;

        public long LastMs { get; set; } = long.MinValue;
    }
}
