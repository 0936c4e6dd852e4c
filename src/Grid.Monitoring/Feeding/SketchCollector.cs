using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Feeding;

/// <summary>Turns the rows of one replica's feed into sketches, away from the prediction path, and cuts them into deltas for the monitor. Used by one thread at a time.</summary>
public sealed class SketchCollector
{
    /// <summary>Groups whose previous row is remembered, to measure how much features repeat.</summary>
    public const int MaximumGroups = 1024;

    /// <summary>Tenants that are watched one by one.</summary>
    public const int MaximumTenants = 256;

    private readonly PredictionFeed _feed;
    private readonly string _silo;
    private readonly long _epoch;
    private readonly Dictionary<ulong, float[]> _before = [];
    private readonly HashSet<ulong> _watched = [];
    private readonly float[] _row;
    private readonly ulong[] _missing;
    private Dictionary<ulong, SketchSet> _tenants = [];
    private SketchSet _total;
    private long _skippedBefore;
    private long _sequence;
    private DateTimeOffset _from;

    /// <param name="feed">The replica's ring; this becomes its only reader.</param>
    /// <param name="layout">The version's layout, of as many columns as the feed.</param>
    /// <param name="silo">Name of the process.</param>
    /// <param name="epoch">Greater with every start of the process, so that sequences may begin anew.</param>
    /// <param name="now">Start of the first delta.</param>
    public SketchCollector(PredictionFeed feed, SketchLayout layout, string silo, long epoch, DateTimeOffset now)
    {
        if (feed.Columns != layout.Columns.Length)
        {
            throw GridError.Invalid("sketch layout", $"has {layout.Columns.Length} columns, the feed {feed.Columns}.", "Use a baseline with the model's features and outputs, in their order.").ToException();
        }

        (_feed, _silo, _epoch, _from) = (feed, silo, epoch, now);
        _row = new float[feed.Columns];
        _missing = new ulong[(feed.Columns + 63) / 64];
        _total = new SketchSet(layout);
    }

    /// <summary>Watches these tenants one by one from now on, at most <see cref="MaximumTenants"/>; the others count in the total alone.</summary>
    /// <param name="groups">Hashes as given to <see cref="PredictionFeed.Offer"/>.</param>
    public void Watch(IEnumerable<ulong> groups)
    {
        _watched.Clear();
        _watched.UnionWith(groups.Take(MaximumTenants));
    }

    /// <summary>Takes what is in the ring, at most one round of it, so that a fast writer cannot hold the thread.</summary>
    /// <returns>Rows taken.</returns>
    public int Drain(int maximumRows = PredictionFeed.DefaultCapacity)
    {
        var taken = 0;
        while (taken < maximumRows && _feed.TryTake(_row, _missing, out var group))
        {
            taken++;
            _total.AddRow(_row, _missing);
            if (_before.TryGetValue(group, out var before))
            {
                _total.AddRepeat(before, _row);
                _row.CopyTo(before, 0);
            }
            else if (_before.Count < MaximumGroups)
            {
                _before.Add(group, [.. _row]);
            }

            if (_watched.Contains(group))
            {
                if (!_tenants.TryGetValue(group, out var tenant))
                {
                    _tenants.Add(group, tenant = new SketchSet(_total.Layout, detailed: false));
                }

                tenant.AddRow(_row, _missing);
            }
        }

        if (taken < maximumRows)
        {
            _feed.Relax();
        }

        return taken;
    }

    /// <summary>What was collected since the last cut, or null where nothing was. Send it again, unchanged, until the monitor has answered.</summary>
    public SketchDelta? Cut(DateTimeOffset now)
    {
        var skipped = _feed.Skipped;
        _total.AddSkipped(skipped - _skippedBefore);
        _skippedBefore = skipped;
        if (_total.Rows == 0 && _total.Skipped == 0)
        {
            _from = now;
            return null;
        }

        var delta = new SketchDelta(_silo, _epoch, ++_sequence, _from, now, _total, _tenants);
        (_total, _tenants, _from) = (new SketchSet(_total.Layout), [], now);
        return delta;
    }
}
