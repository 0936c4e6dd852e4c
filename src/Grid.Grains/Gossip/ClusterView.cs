using System.Collections.Concurrent;
using Grid.Abstractions;
using Orleans.Runtime;

namespace Grid.Grains.Gossip;

/// <summary>
/// What this silo knows of all: who is active, by the membership, and how each is, by the last that it said. Reads are from memory, so that
/// placement may ask. Thread-safe.
/// </summary>
internal sealed class ClusterView(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider time)
{
    private readonly ConcurrentDictionary<SiloAddress, (SiloInfo Info, long HeardAt)> _heard = new();
    private volatile SiloInfo? _own;
    private volatile SiloPhase _phase;

    /// <summary>What this silo is there for.</summary>
    public SiloPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    public SiloAddress Local => local.SiloAddress;

    /// <summary>Rises with every change of the members.</summary>
    public MembershipVersion Version => membership.CurrentSnapshot.Version;

    /// <summary>Active members, this one included.</summary>
    public IEnumerable<ClusterMember> Active => membership.CurrentSnapshot.Members.Values.Where(static member => member.Status == SiloStatus.Active);

    public void Own(SiloInfo info) => _own = info;

    public void Heard(SiloInfo info) => _heard[SiloAddress.FromParsableString(info.Address)] = (info, time.GetTimestamp());

    /// <summary>Forgets those that are members no more.</summary>
    public void Trim()
    {
        var members = membership.CurrentSnapshot.Members;
        foreach (var silo in _heard.Keys)
        {
            if (!members.TryGetValue(silo, out var member) || member.Status is SiloStatus.Dead or SiloStatus.None)
            {
                _heard.TryRemove(silo, out _);
            }
        }
    }

    /// <summary>The last that a silo said, and how long ago; null where it has said nothing yet.</summary>
    public SiloInfo? Find(SiloAddress silo, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        if (silo.Equals(local.SiloAddress))
        {
            return _own;
        }

        if (!_heard.TryGetValue(silo, out var heard))
        {
            return null;
        }

        age = time.GetElapsedTime(heard.HeardAt);
        return heard.Info;
    }

    /// <summary>True where a silo gives its work away.</summary>
    public bool IsLeaving(SiloAddress silo) =>
        silo.Equals(local.SiloAddress) ? _phase != SiloPhase.Active : _heard.TryGetValue(silo, out var heard) && heard.Info.Phase != SiloPhase.Active;

    /// <summary>Silos that may be given work, all active ones if every one of them is leaving.</summary>
    public IReadOnlyList<SiloAddress> Takers()
    {
        SiloAddress[] active = [.. Active.Select(static member => member.SiloAddress)];
        SiloAddress[] takers = [.. active.Where(silo => !IsLeaving(silo))];
        return takers.Length > 0 ? takers : active;
    }

    /// <summary>Every active silo, by name.</summary>
    public IReadOnlyList<SiloInfo> List() =>
    [
        .. Active.Select(member =>
                Find(member.SiloAddress, out var age) is { } info
                    ? info with { HeardMsAgo = (long)age.TotalMilliseconds }
                    : new SiloInfo { Name = member.Name, Address = member.SiloAddress.ToParsableString(), Cores = 1, HeardMsAgo = -1 })
            .OrderBy(static info => info.Name, StringComparer.Ordinal),
    ];
}
