namespace Grid.Grains.Balancing.Rules;

/// <summary>How many replicas a version has and needs.</summary>
internal sealed class ReplicaNeed
{
    private readonly double _cores;
    private readonly double _coresPerReplica;
    private readonly bool _isCalled;
    private readonly VersionLoad _version;

    public ReplicaNeed(Look look, VersionWork version, double meanCapacity)
    {
        _version = version.Load;
        _cores = version.Cores;
        _coresPerReplica = look.Policy.ReplicaShare * meanCapacity;
        Count = version.Hosts.Count(i => look.Silos[i].IsUsable) + version.Silent;

        // One that was called lately stays ready for the next call.
        // What smoothed rates still show of an idle one is no reason for anything.
        _isCalled = version.IsCalled;
        Floor = Math.Max(version.Load.MinReplicas, _isCalled ? 1 : 0);
        ByLoad = Math.Clamp(Replicas(1), Floor, version.Load.MaxReplicas);
        for (var i = 0; _isCalled && i < look.Silos.Length; i++)
        {
            Hungry += look.Silos[i].IsUsable && !version.IsOn(i) && version.CallsOf(i).RemotePerSecond >= look.Policy.RemotePerSecondForReplica ? 1 : 0;
        }
    }

    /// <summary>Replicas on silos that stay.</summary>
    public int Count { get; }

    /// <summary>Never fewer than these.</summary>
    public int Floor { get; }

    /// <summary>What the calls need.</summary>
    public int ByLoad { get; }

    /// <summary>Silos without it that call it much from afar.</summary>
    public int Hungry { get; }

    /// <summary>Replicas to have after this look: what the calls need, and for silos that call from afar at most twice what there is, so that growth can be watched.</summary>
    public int Next => Math.Max(ByLoad, Count + Math.Min(Hungry, Math.Max(1, Count)));

    public bool WantsMore => Count < _version.MaxReplicas && (Count < ByLoad || Hungry > 0);

    /// <summary>Replicas that would do with a margin.</summary>
    public int Enough(double margin) => Math.Clamp(Replicas(margin), Floor, _version.MaxReplicas);

    public bool WantsFewer(double margin) => Count > Enough(margin);

    private int Replicas(double margin) => !_isCalled ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(_cores * margin / _coresPerReplica));
}
