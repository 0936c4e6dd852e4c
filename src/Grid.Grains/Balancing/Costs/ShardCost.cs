using Grid.Primitives;

namespace Grid.Grains.Balancing.Costs;

/// <summary>
/// What one shard costs its silo: time on threads, calls by version, memory. Written by the shard, taken by the meter; thread-safe. Time is measured
/// while something runs, not while it waits; a thread without a core counts as running, which the meter sets right by what the process used.
/// </summary>
internal sealed class ShardCost(ShardKey shard)
{
    /// <summary>Versions that are told apart; a tenant calls one or two, and what comes on top counts with the least called.</summary>
    public const int MostVersions = 8;

    private readonly Lock _lock = new();
    private CallCount[] _calls = [];
    private int _versions;
    private long _busyTicks;
    private long _events;
    private long _allBusyTicks;
    private long _allCalls;
    private long _stateBytes;

    public ShardKey Shard => shard;

    /// <summary>Memory of its records.</summary>
    public long StateBytes
    {
        get => Volatile.Read(ref _stateBytes);
        set => Volatile.Write(ref _stateBytes, value);
    }

    /// <summary>Time on threads since it was activated, in ticks of the clock.</summary>
    public long AllBusyTicks
    {
        get
        {
            lock (_lock)
            {
                return _allBusyTicks;
            }
        }
    }

    /// <summary>Predictions since it was activated.</summary>
    public long AllCalls
    {
        get
        {
            lock (_lock)
            {
                return _allCalls;
            }
        }
    }

    /// <summary>Events were applied.</summary>
    public void Applied(long events, long busyTicks, long stateBytes)
    {
        StateBytes = stateBytes;
        lock (_lock)
        {
            _events += events;
            Add(busyTicks);
        }
    }

    /// <summary>Something was read.</summary>
    public void Read(long busyTicks)
    {
        lock (_lock)
        {
            Add(busyTicks);
        }
    }

    /// <summary>A version was called.</summary>
    public void Predicted(VersionKey version, int calls, bool isLocal, long busyTicks)
    {
        lock (_lock)
        {
            Add(busyTicks);
            _allCalls += calls;
            var place = PlaceOf(version);
            var count = _calls[place];
            _calls[place] = new CallCount(version, count.Calls + calls, count.Remote + (isLocal ? 0 : calls));
        }
    }

    /// <summary>What came since it was taken last.</summary>
    public ShardCostSpan Take()
    {
        lock (_lock)
        {
            var span = new ShardCostSpan(_busyTicks, _events, _versions == 0 ? [] : _calls[.._versions]);
            (_busyTicks, _events, _versions) = (0, 0, 0);
            return span;
        }
    }

    private void Add(long busyTicks)
    {
        _busyTicks += busyTicks;
        _allBusyTicks += busyTicks;
    }

    /// <summary>The place of a version: its own, a free one, or that of the least called, whose calls it inherits as in <see cref="HeavyHitters{TKey}"/>.</summary>
    private int PlaceOf(VersionKey version)
    {
        var least = 0;
        for (var i = 0; i < _versions; i++)
        {
            if (_calls[i].Version == version)
            {
                return i;
            }

            least = _calls[i].Calls < _calls[least].Calls ? i : least;
        }

        if (_versions == MostVersions)
        {
            return least;
        }

        if (_versions == _calls.Length)
        {
            // Most shards call one version: eight places for each would be memory for nothing.
            Array.Resize(ref _calls, Math.Max(1, _calls.Length * 2));
        }

        _calls[_versions] = default;
        return _versions++;
    }
}
