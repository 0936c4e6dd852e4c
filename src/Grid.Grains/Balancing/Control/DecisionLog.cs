using System.Text.Json;
using Grid.Abstractions;

namespace Grid.Grains.Balancing.Control;

/// <summary>The last decisions and what became of them. Bounded: the oldest go. Not thread-safe.</summary>
internal sealed class DecisionLog
{
    /// <summary>Some KB for each ten; enough for hours of a calm cluster.</summary>
    public const int Capacity = 1024;

    private readonly LinkedList<BalanceDecisionInfo> _kept = new();
    private readonly Dictionary<long, LinkedListNode<BalanceDecisionInfo>> _byId = [];

    /// <summary>Oldest first.</summary>
    public IEnumerable<BalanceDecisionInfo> All => _kept;

    public void Add(BalanceDecision decision, DecisionOutcome outcome)
    {
        _byId[decision.Id] = _kept.AddLast(Describe(decision, outcome));
        if (_kept.Count > Capacity)
        {
            _byId.Remove(_kept.First!.Value.Id);
            _kept.RemoveFirst();
        }
    }

    /// <summary>A decision was carried out, or failed.</summary>
    public void End(long id, DecisionOutcome outcome, double tookMs, string? failure)
    {
        if (_byId.TryGetValue(id, out var node))
        {
            node.Value = node.Value with { Outcome = outcome, TookMs = tookMs, Failure = failure };
        }
    }

    /// <summary>Null where it is not remembered.</summary>
    public BalanceDecisionInfo? Find(long id) => _byId.TryGetValue(id, out var node) ? node.Value : null;

    /// <summary>Those about a shard or a version, oldest first.</summary>
    public BalanceDecisionInfo[] About(string subject, int most) => [.. _kept.Where(d => d.Subject == subject).TakeLast(most)];

    public static string NameOf(DecisionKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static BalanceDecisionInfo Describe(BalanceDecision decision, DecisionOutcome outcome) => new()
    {
        Id = decision.Id,
        AtMs = decision.AtMs,
        Kind = NameOf(decision.Kind),
        Subject = decision.Subject,
        From = decision.From,
        To = decision.To,
        Reason = decision.Reason,
        Figures = [.. decision.Figures.Select(static f => new BalanceFigure(f.Name, f.Value, f.Unit))],
        Outcome = outcome,
    };
}
