using System.Globalization;
using Grid.Abstractions;
using Grid.Grains.Balancing.Rules;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Placement;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Grains.Balancing.Control;

/// <summary>Puts into words why things are where they are, from the same figures that are decided on.</summary>
internal sealed class Explainer(ClusterView view)
{
    /// <summary>Decisions about one thing that an explanation shows.</summary>
    private const int MostDecisions = 16;

    /// <param name="shard">The shard.</param>
    /// <param name="owner">Name of the silo that it is on.</param>
    /// <param name="load">All silos.</param>
    /// <param name="look">The load as it will be once everything decided is done.</param>
    /// <param name="log">What was decided.</param>
    /// <param name="held">What the last look held back.</param>
    public Explanation Shard(ShardKey shard, string owner, ClusterLoad load, Look look, DecisionLog log, IEnumerable<HeldBack> held)
    {
        var subject = shard.ToString();
        var cost = load.Map.Silos.SelectMany(static s => s.Hot).FirstOrDefault(s => s.Shard == shard);
        PlaceInfo[] places = [.. look.Silos.Select((silo, i) => new PlaceInfo
        {
            Silo = silo.Load.Silo,
            IsHere = silo.Load.Silo == owner,
            Score = ScoreOf(subject, silo.Load.Silo, load),
            UsedShare = silo.Share,
            ShareThere = cost is null ? silo.Share : silo.Load.Silo == owner ? silo.Share : silo.ShareWith(cost.Cores),
            CallsPerSecond = cost is null ? 0 : look.RemoteAt(cost, i),
        })];
        var decisions = log.About(subject, MostDecisions);
        BalanceHeld[] about = [.. held.Where(h => h.Subject == subject || h.Subject == owner).Select(static h => new BalanceHeld(h.Subject, h.Reason))];
        var worth = cost is null
            ? $"It is not among the heaviest shards of {owner}, so no rule weighs it up."
            : $"It takes {DecisionText.Cores(cost.Cores)} and holds {DecisionText.Bytes(cost.StateBytes)}{(look.IsResting(shard) ? ", and rests because it was moved lately" : "")}.";
        return new Explanation
        {
            Subject = subject,
            Kind = "shard",
            Summary = $"{WhyHere(owner, decisions, places, look.NowMs)} {worth}",
            Figures = cost is null ? [] : FiguresOf(cost),
            Places = places,
            Decisions = decisions,
            Held = about,
        };
    }

    public static Explanation Version(VersionKey version, ClusterLoad load, DecisionLog log, IEnumerable<HeldBack> held)
    {
        var subject = version.ToString();
        var on = load.HoldersOf(subject);
        var known = load.Map.Versions.FirstOrDefault(v => v.Version == subject);
        PlaceInfo[] places = [.. load.Map.Silos.OrderBy(static s => s.Silo, StringComparer.Ordinal).Select(silo => new PlaceInfo
        {
            Silo = silo.Silo,
            IsHere = on.Contains(silo.Silo),
            UsedShare = silo.UsedCores / silo.CapacityCores,
            ShareThere = silo.UsedCores / silo.CapacityCores,
            CallsPerSecond = silo.Calls.FirstOrDefault(c => c.Version == subject).PerSecond,
        })];
        var calls = places.Sum(static p => p.CallsPerSecond);
        return new Explanation
        {
            Subject = subject,
            Kind = "version",
            Summary = load.Catalogue.Placed.TryGetValue(version, out var terms)
                ? WhyPlaced(version, terms, on, calls, load.Catalogue)
                : known is null || on.Count == 0
                ? "It is loaded on no silo: nobody has called it since the silos started, or it was retired."
                : $"It is loaded on {string.Join(", ", on.Order(StringComparer.Ordinal))}: every silo loads what its shards call, so that features and model are in one process. Its calls are {DecisionText.Rate(calls)}.",
            Figures = known is null
                ? []
                : [
                    new BalanceFigure("calls", calls, "calls/s"),
                    new BalanceFigure("processor time of a call", known.CoresPerCall * 1000, "ms"),
                    new BalanceFigure("replica", known.MemoryBytes, "bytes"),
                ],
            Places = places,
            Decisions = log.About(subject, MostDecisions),
            Held = [.. held.Where(h => h.Subject == subject).Select(static h => new BalanceHeld(h.Subject, h.Reason))],
        };
    }

    private static string WhyPlaced(VersionKey version, ManifestReplicas terms, IReadOnlySet<string> on, double calls, CatalogueSnapshot catalogue)
    {
        var plan = catalogue.Replicas.TryGetValue(version, out var known) ? known.Entry : null;
        var idle = terms.IdleMinutes is { } minutes ? string.Create(CultureInfo.InvariantCulture, $", the minimum after {minutes:0.##} min without a call") : "";
        var wanted = plan is null ? "It has no traffic yet, and is wanted nowhere"
            : plan.Silos.Length == 0 ? "It is wanted nowhere, and the next request loads it"
            : $"It is wanted on {string.Join(", ", plan.Silos)}";
        var loaded = on.Count == 0 ? "no silo" : string.Join(", ", on.Order(StringComparer.Ordinal));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{wanted}: {(plan is null ? "" : plan.Reason + " ")}Its manifest says at least {terms.Min} and at most {terms.Max?.ToString(CultureInfo.InvariantCulture) ?? "any number of"} replicas{idle}. It is loaded on {loaded}, and its calls are {DecisionText.Rate(calls)}.");
    }

    /// <exception cref="GridException">It is not remembered.</exception>
    public static Explanation Decision(long id, DecisionLog log)
    {
        var decision = log.Find(id)
            ?? throw GridError.NotFound(
                string.Create(CultureInfo.InvariantCulture, $"decision {id}"),
                $"is not among the last {DecisionLog.Capacity}, or was made before the balancer moved to another silo.",
                "See 'grid explain' for those that are remembered; the log has them all.").ToException();
        return new Explanation
        {
            Subject = id.ToString(CultureInfo.InvariantCulture),
            Kind = "decision",
            Summary = decision.Reason,
            Figures = decision.Figures,
            Decisions = [decision],
        };
    }

    private static string WhyHere(string owner, BalanceDecisionInfo[] decisions, PlaceInfo[] places, long nowMs)
    {
        if (decisions.LastOrDefault(static d => d.Outcome == DecisionOutcome.Done) is { } last && last.To == owner)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Decision {last.Id} moved it here {DecisionText.Seconds(nowMs - last.AtMs)} ago: {last.Reason}");
        }

        return places.MaxBy(static p => p.Score) is { Score: > 0 } best && best.Silo != owner
            ? $"It was placed on {owner} when that drew highest for it. By the load of now {best.Silo} would, but a shard stays where it is until a rule has a reason to move it."
            : $"It was placed on {owner}, which draws highest for it, weighted by free cores.";
    }

    private double ScoreOf(string shard, string silo, ClusterLoad load)
    {
        var info = view.Find(load.Addresses[silo], out var age);
        var weight = view.IsLeaving(load.Addresses[silo]) ? 0 : SiloWeights.Of(info, age);
        return weight > 0 ? Rendezvous.Draw(Rendezvous.Hash(shard), Rendezvous.Hash(silo), weight) : 0;
    }

    private static BalanceFigure[] FiguresOf(ShardLoad cost) =>
    [
        new BalanceFigure("processor time", cost.Cores, "cores"),
        new BalanceFigure("state", cost.StateBytes, "bytes"),
        .. cost.Calls.Select(static c => new BalanceFigure($"calls of {c.Version}", c.PerSecond, "calls/s")),
        new BalanceFigure("remote calls", cost.RemotePerSecond, "calls/s"),
    ];
}
