using Grid.Grains.Placement;

namespace Grid.Grains.Balancing.Rules;

/// <summary>One version as it will be once everything decided so far is done.</summary>
internal sealed class VersionWork
{
    private readonly bool[] _on;
    private readonly bool[] _ready;
    private readonly VersionCalls[] _calls;
    private readonly List<int> _hosts = [];

    public VersionWork(VersionLoad load, Look look)
    {
        Load = load;
        Hash = Rendezvous.Hash(load.Version);
        _on = new bool[look.Silos.Length];
        _calls = new VersionCalls[look.Silos.Length];
        _ready = new bool[look.Silos.Length];
        IsCalled = load.LastCallMs > 0 && look.NowMs - load.LastCallMs < (load.IdleAfterMs ?? look.Policy.IdleAfterMs);
        foreach (var replica in load.Replicas)
        {
            if (look.IndexOf(replica.Silo) is >= 0 and var silo)
            {
                Put(silo);
                _ready[silo] = replica.IsReady;
            }
            else if (look.Cluster.Any(s => s.Silo == replica.Silo && s.State != SiloState.Draining))
            {
                // It has not reported lately, and may well serve: it counts, but nothing is sent there.
                Silent++;
            }
        }

        _hosts.Sort();
    }

    public VersionLoad Load { get; }

    public ulong Hash { get; }

    /// <summary>Replicas on silos that have not reported lately.</summary>
    public int Silent { get; }

    public double PerSecond { get; private set; }

    /// <summary>Silos that hold it, or will.</summary>
    public IReadOnlyList<int> Hosts => _hosts;

    public double Cores => PerSecond * Load.CoresPerCall;

    /// <summary>Whether anybody has called it lately.</summary>
    public bool IsCalled { get; }

    public bool IsOn(int silo) => _on[silo];

    /// <summary>Whether it serves there already.</summary>
    public bool IsReadyOn(int silo) => _on[silo] && _ready[silo];

    public VersionCalls CallsOf(int silo) => _calls[silo];

    public void Count(int silo, VersionCalls calls)
    {
        _calls[silo] = calls;
        PerSecond += calls.PerSecond;
    }

    public void Put(int silo)
    {
        if (!_on[silo])
        {
            _on[silo] = true;
            _hosts.Add(silo);
        }
    }

    public void Remove(int silo)
    {
        _on[silo] = false;
        _hosts.Remove(silo);
    }
}
