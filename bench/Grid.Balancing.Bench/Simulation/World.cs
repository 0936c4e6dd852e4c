using Grid.Grains.Balancing;
using Grid.Grains.Placement;
using Grid.Primitives;

namespace Grid.Balancing.Bench.Simulation;

/// <summary>
/// A simulated cluster: shards with calls to versions, silos with cores, replicas on silos. What a call costs, and how figures are smoothed, are modelled;
/// latency and failure of single calls are not. The same options give the same run.
/// </summary>
internal sealed class World
{
    /// <summary>Processor time of a call: the shard's part, the model's, and what a remote call costs each of the two ends more; seconds.</summary>
    public const double ShardCores = 30e-6, ModelCores = 40e-6, RemoteEndCores = 30e-6;

    /// <summary>What a process takes before it holds anything.</summary>
    private const long BaseBytes = 500L << 20;

    private readonly float[] _calls;
    private readonly float[] _smoothed;
    private readonly int[] _siloOf;
    private readonly long[] _lastMovedMs;
    private readonly int[] _lastLeft;
    private readonly ShardKey[] _keys;
    private readonly short[] _version;
    private readonly int[] _bytes;
    private readonly int[] _moved;
    private readonly double[] _heat;
    private readonly Dictionary<ShardKey, int> _numbers;
    private readonly List<bool[]> _hosts = [];
    private readonly List<double[]> _callsOf = [];
    private List<int> _hot = [];

    public World(WorldOptions options)
    {
        Options = options;
        Random = new Random(options.Seed);
        var n = options.Shards;
        (_calls, _smoothed, _siloOf, _keys, _version, _bytes) = (new float[n], new float[n], new int[n], new ShardKey[n], new short[n], new int[n]);
        (_lastMovedMs, _lastLeft, _moved, _heat) = (new long[n], new int[n], new int[n], new double[n]);
        Array.Fill(_lastLeft, -1);
        Array.Fill(_heat, 1);
        for (var i = 0; i < options.Silos; i++)
        {
            Join();
        }

        // 1. Tenants by Zipf; one that is too large for a shard has several. Each tenant calls one version.
        var weights = Weights(options);
        var callsPerSecond = options.Utilisation * options.Silos * options.CoresPerSilo / (ShardCores + ModelCores);
        var tenant = 0;
        for (var i = 0; i < n; i++)
        {
            tenant += i > 0 && weights[i].Tenant != weights[i - 1].Tenant ? 1 : 0;
            _calls[i] = (float)(weights[i].Share * callsPerSecond);
            _keys[i] = new ShardKey("default", $"t{tenant}", i);
            _version[i] = (short)(Rendezvous.Hash($"t{tenant}") % (ulong)options.Versions);
            _bytes[i] = (int)Math.Min(int.MaxValue, options.ShardBytes * (0.5 + Random.NextDouble()));
        }

        _numbers = new Dictionary<ShardKey, int>(n);
        for (var i = 0; i < n; i++)
        {
            _numbers.Add(_keys[i], i);
        }

        // 2. Replicas by rendezvous.
        for (var v = 0; v < options.Versions; v++)
        {
            foreach (var silo in Silos.OrderByDescending(s => Rendezvous.Draw(Rendezvous.Hash(VersionName(v)), s.Hash, 1)).Take(options.ReplicasAtStart))
            {
                _hosts[silo.Number][v] = true;
            }
        }
    }

    public WorldOptions Options { get; }

    public Random Random { get; }

    public List<SimSilo> Silos { get; } = [];

    public long NowMs { get; private set; } = 1_000_000;

    public int ShardCount => _keys.Length;

    public long Moves { get; private set; }

    /// <summary>Moves back to the silo that a shard left less than ten minutes before.</summary>
    public long Returns { get; private set; }

    public int MostMovesOfOneShard => _moved.Max();

    public double LocalCalls { get; private set; }

    public double AllCalls { get; private set; }

    public static string VersionName(int version) => $"default/m{version}/1";

    public int NumberOf(ShardKey shard) => _numbers[shard];

    public ShardKey KeyOf(int shard) => _keys[shard];

    public int SiloOf(int shard) => _siloOf[shard];

    public int VersionOf(int shard) => _version[shard];

    public long BytesOf(int shard) => _bytes[shard];

    public double SmoothedOf(int shard) => _smoothed[shard];

    public double CallsOf(int shard) => _calls[shard] * _heat[shard];

    public bool IsHost(int silo, int version) => _hosts[silo][version];

    /// <summary>Calls a second of a silo's shards to a version.</summary>
    public double CallsOf(int silo, int version) => _callsOf[silo][version];

    public void SetHost(int silo, int version, bool on) => _hosts[silo][version] = on;

    public long MemoryOf(SimSilo silo) => BaseBytes + silo.ShardBytes + (_hosts[silo.Number].Count(static on => on) * Options.VersionBytes);

    public SimSilo Join()
    {
        var silo = new SimSilo(Silos.Count, $"zone-{Silos.Count % Options.Zones}", Options.CoresPerSilo, Options.MemoryPerSilo) { State = SiloState.Active };
        Silos.Add(silo);
        _hosts.Add(new bool[Options.Versions]);
        _callsOf.Add(new double[Options.Versions]);
        return silo;
    }

    /// <summary>Puts every shard somewhere, at first and where its silo has died.</summary>
    public void PlaceAll(Func<int, int> place, Func<int, bool> which)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            if (which(i))
            {
                _siloOf[i] = place(i);
                _smoothed[i] = 0;
            }
        }
    }

    public void Kill(SimSilo silo)
    {
        silo.IsAlive = false;
        Array.Clear(_hosts[silo.Number]);
        silo.SmoothedCores = silo.DemandCores = 0;
    }

    /// <summary>Other shards become hot: each of them is called so many times more than before.</summary>
    public void MoveHotSpots(int count, double heat)
    {
        foreach (var shard in _hot)
        {
            _heat[shard] = 1;
        }

        // Shards of some weight: a small one stays small however hot.
        _hot = [.. Enumerable.Range(0, count).Select(_ => Random.Next(Math.Max(count, _keys.Length / 100))).Distinct()];
        foreach (var shard in _hot)
        {
            _heat[shard] = heat;
        }
    }

    public void Move(int shard, int to)
    {
        var from = _siloOf[shard];
        Returns += _lastLeft[shard] == to && NowMs - _lastMovedMs[shard] < 600_000 ? 1 : 0;
        (_lastLeft[shard], _lastMovedMs[shard]) = (from, NowMs);
        _siloOf[shard] = to;
        _smoothed[shard] = 0;
        _moved[shard]++;
        Moves++;
    }

    /// <summary>One tick: what the silos do, and how it shows.</summary>
    public void Advance()
    {
        NowMs += Options.TickMs;
        var fresh = (float)(1 - Math.Pow(2, -Options.TickMs / (double)Options.HalfLifeMs));
        var nearest = Nearest();
        foreach (var silo in Silos)
        {
            (silo.DemandCores, silo.ShardBytes, silo.ShardCount) = (0, 0, 0);
            Array.Clear(_callsOf[silo.Number]);
        }

        (LocalCalls, AllCalls) = (0, 0);
        for (var i = 0; i < _keys.Length; i++)
        {
            var calls = _calls[i] * _heat[i];
            var (at, version) = (_siloOf[i], _version[i]);
            var silo = Silos[at];
            var host = nearest[at][version];
            var own = calls * (host == at ? ShardCores + ModelCores : ShardCores + RemoteEndCores) * silo.Slowness;
            silo.DemandCores += own;
            silo.ShardBytes += _bytes[i];
            silo.ShardCount++;
            _smoothed[i] += ((float)own - _smoothed[i]) * fresh;
            _callsOf[at][version] += calls;
            AllCalls += calls;
            if (host == at)
            {
                LocalCalls += calls;
            }
            else if (host >= 0)
            {
                Silos[host].DemandCores += calls * (ModelCores + RemoteEndCores) * Silos[host].Slowness;
            }
        }

        foreach (var silo in Silos)
        {
            // A processor that is asked for more than it has reports that it is full, no more.
            silo.SmoothedCores += (Math.Min(silo.DemandCores, silo.CapacityCores) - silo.SmoothedCores) * fresh;
        }
    }

    /// <summary>For each silo and version the silo that answers: itself, else one of its zone, else any, by rendezvous; -1 if there is none.</summary>
    private int[][] Nearest()
    {
        var nearest = new int[Silos.Count][];
        for (var s = 0; s < Silos.Count; s++)
        {
            nearest[s] = new int[Options.Versions];
            for (var v = 0; v < Options.Versions; v++)
            {
                nearest[s][v] = _hosts[s][v] ? s : NearestTo(Silos[s], v);
            }
        }

        return nearest;
    }

    private int NearestTo(SimSilo from, int version)
    {
        var best = -1;
        var bestDraw = 0.0;
        foreach (var silo in Silos)
        {
            if (_hosts[silo.Number][version])
            {
                var draw = Rendezvous.Draw(from.Hash, silo.Hash, 1) * (silo.Zone == from.Zone ? 1e6 : 1);
                if (draw > bestDraw)
                {
                    (best, bestDraw) = (silo.Number, draw);
                }
            }
        }

        return best;
    }

    private static (int Tenant, double Share)[] Weights(WorldOptions options)
    {
        var shares = new (int Tenant, double Share)[options.Shards];
        var largest = options.LargestShardShare / (options.Silos * options.Utilisation);
        var total = 0.0;
        for (var r = 1; r <= options.Shards; r++)
        {
            total += Math.Pow(r, -options.Zipf);
        }

        var next = 0;
        for (var r = 1; next < options.Shards; r++)
        {
            var share = Math.Pow(r, -options.Zipf) / total;
            var parts = Math.Min(options.Shards - next, (int)Math.Ceiling(share / largest));
            for (var p = 0; p < parts; p++)
            {
                shares[next++] = (r, share / parts);
            }
        }

        return shares;
    }
}
