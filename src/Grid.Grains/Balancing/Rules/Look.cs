using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Grains.Balancing.Rules;

/// <summary>
/// The working copy of one look: the load as it will be once everything decided so far is done. Silos are numbered by the order of their names. Not
/// thread safe; lives for one look.
/// </summary>
internal sealed class Look
{
    private readonly BalanceState _state;
    private readonly ImmutableDictionary<ShardKey, RecentMove>.Builder _moves;
    private readonly Dictionary<string, int> _siloIndex;
    private readonly List<BalanceDecision> _decisions = [];
    private readonly List<HeldBack> _held = [];
    private int _movesLeft;

    public Look(LoadMap map, BalancePolicy policy, BalanceState state, long nowMs)
    {
        Policy = policy;
        NowMs = nowMs;
        NextId = state.NextId;
        _state = state;
        _movesLeft = policy.MovesPerLook;
        Cluster = map.Silos;

        // A silo that has not reported lately is neither source nor target: deciding on old figures is guessing.
        var known = map.Silos.Where(s => nowMs - s.ReportedAtMs <= policy.StaleReportMs).OrderBy(static s => s.Silo, StringComparer.Ordinal).ToArray();
        foreach (var silo in map.Silos.Where(s => nowMs - s.ReportedAtMs > policy.StaleReportMs).OrderBy(static s => s.Silo, StringComparer.Ordinal))
        {
            Hold(silo.Silo, $"Its last report is {DecisionText.Seconds(nowMs - silo.ReportedAtMs)} old; over {DecisionText.Seconds(policy.StaleReportMs)} a silo takes no part.");
        }

        _siloIndex = new Dictionary<string, int>(known.Length, StringComparer.Ordinal);
        Silos = new SiloWork[known.Length];
        for (var i = 0; i < known.Length; i++)
        {
            Silos[i] = new SiloWork(known[i], policy);
            _siloIndex.Add(known[i].Silo, i);
        }

        Versions = new VersionTable(map.Versions, this);
        _moves = ImmutableDictionary.CreateBuilder<ShardKey, RecentMove>();
        foreach (var (shard, move) in state.Moves)
        {
            if (nowMs - move.AtMs < policy.CoolDownMs)
            {
                _moves.Add(shard, move);
            }
        }

        // The sums below are of floating-point numbers: one order, or the same input could give other bits.
        foreach (var (shard, move) in _moves.OrderBy(static m => m.Value.AtMs).ThenBy(static m => m.Key.ToString(), StringComparer.Ordinal))
        {
            CountUnseen(move);
        }

        foreach (var silo in Silos)
        {
            silo.SetCandidates(this);
        }
    }

    public BalancePolicy Policy { get; }

    public long NowMs { get; }

    public long NextId { get; private set; }

    public long Evaluations { get; set; }

    public IReadOnlyList<SiloLoad> Cluster { get; }

    public SiloWork[] Silos { get; }

    public VersionTable Versions { get; }

    public BalanceState Before => _state;

    public IReadOnlyList<BalanceDecision> Decisions => _decisions;

    public IReadOnlyList<HeldBack> Held => _held;

    public bool HasMovesLeft => _movesLeft > 0;

    public int IndexOf(string silo) => _siloIndex.GetValueOrDefault(silo, -1);

    /// <summary>Whether the shard was moved lately and stays.</summary>
    public bool IsResting(ShardKey shard) => _moves.ContainsKey(shard);

    public ImmutableDictionary<ShardKey, RecentMove> RecentMoves() => _moves.ToImmutable();

    /// <summary>Utilisation that every silo would have if the work lay even; what silos that drain do now is the others' soon.</summary>
    public double MeanShare()
    {
        double used = 0, capacity = 0;
        foreach (var silo in Silos)
        {
            used += silo.UsedCores;
            capacity += silo.IsUsable ? silo.Load.CapacityCores : 0;
        }

        return capacity > 0 ? used / capacity : 0;
    }

    public double Imbalance()
    {
        var mean = MeanShare();
        return mean > 0 ? Silos.Where(static s => s.IsUsable).Select(static s => s.Share).DefaultIfEmpty(0).Max() / mean : 1;
    }

    /// <summary>Calls a second that would leave the silo if the shard were there.</summary>
    public double RemoteAt(ShardLoad shard, int silo)
    {
        var sum = 0.0;
        for (var i = 0; i < shard.Calls.Count; i++)
        {
            var call = shard.Calls[i];
            sum += Versions.Find(call.Version) is { } version && version.IsOn(silo) ? 0 : call.PerSecond;
        }

        return sum;
    }

    /// <summary>Decides a move, if the budget has it, and counts the load at its new place.</summary>
    public void Move(DecisionKind kind, ShardLoad shard, int from, int to, string reason, params ReadOnlySpan<DecisionFigure> figures)
    {
        var (source, target) = (Silos[from], Silos[to]);
        Add(kind, shard.Shard.ToString(), source.Load.Silo, target.Load.Silo, reason, figures);
        source.Give(shard);
        target.Take(shard);
        _movesLeft--;
        _moves[shard.Shard] = new RecentMove(NowMs, source.Load.Silo, target.Load.Silo, shard.Cores, shard.StateBytes);
    }

    public void Add(DecisionKind kind, string subject, string? from, string? to, string reason, params ReadOnlySpan<DecisionFigure> figures) =>
        _decisions.Add(new BalanceDecision(NextId++, NowMs, kind, subject, from, to, reason, figures.ToArray()));

    public void Hold(string subject, string reason)
    {
        if (_held.Count < Policy.MaxHeld)
        {
            _held.Add(new HeldBack(subject, reason));
        }
    }

    /// <summary>
    /// After a move the source's smoothed figures still hold a part of it, and the target's lack the same part: 2^(−age ÷ half-life), all of it if the
    /// report is older than the move.
    /// </summary>
    private void CountUnseen(RecentMove move)
    {
        if (IndexOf(move.From) is >= 0 and var from)
        {
            var unseen = Unseen(move, from);
            Silos[from].UsedCores = Math.Max(0, Silos[from].UsedCores - (move.Cores * unseen));
            Silos[from].MemoryBytes -= (long)(move.StateBytes * unseen);
        }

        if (IndexOf(move.To) is >= 0 and var to)
        {
            var unseen = Unseen(move, to);
            Silos[to].UsedCores += move.Cores * unseen;
            Silos[to].MemoryBytes += (long)(move.StateBytes * unseen);
        }
    }

    private double Unseen(RecentMove move, int silo) => Math.Pow(2, -Math.Max(0, Silos[silo].Load.ReportedAtMs - move.AtMs) / (double)Policy.HalfLifeMs);
}
