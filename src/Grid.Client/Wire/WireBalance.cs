using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>What the balancer says, in wire form.</summary>
public static class WireBalance
{
    public static BalanceBody ToBody(BalanceReport report) => new()
    {
        AtMs = report.AtMs,
        Mode = WireEnum.NameOf(report.Mode),
        DryRun = report.IsDryRun,
        Imbalance = report.Imbalance,
        Locality = report.Locality,
        Silos = [.. report.Silos.Select(static s => new SiloShareBody
        {
            Silo = s.Silo,
            CapacityCores = s.CapacityCores,
            UsedCores = s.UsedCores,
            QueueMs = s.QueueMs,
            Shards = s.Shards,
            StateBytes = s.StateBytes,
            CallsPerSecond = s.CallsPerSecond,
            RemotePerSecond = s.RemotePerSecond,
        })],
        Decisions = [.. report.Decisions.Select(ToBody)],
        Held = ToBodies(report.Held),
    };

    /// <summary>An unknown mode or outcome, of a newer silo, reads as on and pending.</summary>
    public static BalanceReport FromBody(BalanceBody body) => new()
    {
        AtMs = body.AtMs,
        Mode = WireEnum.TryParse<BalanceMode>(body.Mode, out var mode) ? mode : BalanceMode.On,
        IsDryRun = body.DryRun,
        Imbalance = body.Imbalance,
        Locality = body.Locality,
        Silos = [.. body.Silos.Select(static s => new SiloShare(s.Silo, s.CapacityCores, s.UsedCores, s.QueueMs, s.Shards, s.StateBytes, s.CallsPerSecond, s.RemotePerSecond))],
        Decisions = [.. body.Decisions.Select(FromBody)],
        Held = FromBodies(body.Held),
    };

    public static ExplanationBody ToBody(Explanation explanation) => new()
    {
        Subject = explanation.Subject,
        Kind = explanation.Kind,
        Summary = explanation.Summary,
        Figures = ToBodies(explanation.Figures),
        Places = explanation.Places.Length == 0
            ? null
            : [.. explanation.Places.Select(static p => new PlaceBody
            {
                Silo = p.Silo,
                Here = p.IsHere,
                Score = p.Score,
                UsedShare = p.UsedShare,
                ShareThere = p.ShareThere,
                CallsPerSecond = p.CallsPerSecond,
            })],
        Decisions = explanation.Decisions.Length == 0 ? null : [.. explanation.Decisions.Select(ToBody)],
        Held = ToBodies(explanation.Held),
    };

    public static Explanation FromBody(ExplanationBody body) => new()
    {
        Subject = body.Subject,
        Kind = body.Kind,
        Summary = body.Summary,
        Figures = FromBodies(body.Figures),
        Places = [.. (body.Places ?? []).Select(static p => new PlaceInfo
        {
            Silo = p.Silo,
            IsHere = p.Here,
            Score = p.Score,
            UsedShare = p.UsedShare,
            ShareThere = p.ShareThere,
            CallsPerSecond = p.CallsPerSecond,
        })],
        Decisions = [.. (body.Decisions ?? []).Select(FromBody)],
        Held = FromBodies(body.Held),
    };

    private static BalanceDecisionBody ToBody(BalanceDecisionInfo decision) => new()
    {
        Id = decision.Id,
        AtMs = decision.AtMs,
        Kind = decision.Kind,
        Subject = decision.Subject,
        From = decision.From,
        To = decision.To,
        Reason = decision.Reason,
        Figures = ToBodies(decision.Figures),
        Outcome = WireEnum.NameOf(decision.Outcome),
        TookMs = decision.TookMs,
        Failure = decision.Failure,
    };

    private static BalanceDecisionInfo FromBody(BalanceDecisionBody body) => new()
    {
        Id = body.Id,
        AtMs = body.AtMs,
        Kind = body.Kind,
        Subject = body.Subject,
        From = body.From,
        To = body.To,
        Reason = body.Reason,
        Figures = FromBodies(body.Figures),
        Outcome = WireEnum.TryParse<DecisionOutcome>(body.Outcome, out var outcome) ? outcome : DecisionOutcome.Pending,
        TookMs = body.TookMs,
        Failure = body.Failure,
    };

    private static BalanceFigureBody[]? ToBodies(BalanceFigure[] figures) =>
        figures.Length == 0 ? null : [.. figures.Select(static f => new BalanceFigureBody { Name = f.Name, Value = f.Value, Unit = f.Unit })];

    private static BalanceFigure[] FromBodies(IReadOnlyList<BalanceFigureBody>? bodies) => [.. (bodies ?? []).Select(static f => new BalanceFigure(f.Name, f.Value, f.Unit))];

    private static BalanceHeldBody[]? ToBodies(BalanceHeld[] held) =>
        held.Length == 0 ? null : [.. held.Select(static h => new BalanceHeldBody { Subject = h.Subject, Reason = h.Reason })];

    private static BalanceHeld[] FromBodies(IReadOnlyList<BalanceHeldBody>? bodies) => [.. (bodies ?? []).Select(static h => new BalanceHeld(h.Subject, h.Reason))];
}
