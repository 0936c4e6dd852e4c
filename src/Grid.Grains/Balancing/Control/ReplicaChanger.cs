using Grid.Grains.Replicas;
using Grid.Primitives;

namespace Grid.Grains.Balancing.Control;

/// <summary>Carries out what was decided about the replicas of one version: the plan in the catalogue changes, and the silos follow it by themselves.</summary>
internal sealed class ReplicaChanger(ReplicaPlans plans)
{
    /// <param name="version">The version, <c>workspace/model/version</c>.</param>
    /// <param name="decisions">All decisions about it of one look.</param>
    /// <param name="load">What they were made from.</param>
    /// <param name="cancellationToken">Stops before the change.</param>
    /// <returns>Null where the plan is in force; otherwise why it is not.</returns>
    public async Task<string?> ChangeAsync(string version, IReadOnlyList<BalanceDecision> decisions, ClusterLoad load, CancellationToken cancellationToken)
    {
        try
        {
            var staying = load.Map.Silos.Where(static s => s.State != SiloState.Draining).Select(static s => s.Silo).ToHashSet(StringComparer.Ordinal);
            var silos = load.Map.Versions.Single(v => v.Version == version).Replicas
                .Where(replica => replica.IsPlanned && staying.Contains(replica.Silo))
                .Select(static replica => replica.Silo)
                .Union(decisions.Select(static d => d.To).OfType<string>(), StringComparer.Ordinal)
                .Except(decisions.Select(static d => d.From).OfType<string>(), StringComparer.Ordinal);
            return await plans.WriteAsync(VersionKey.Parse(version), load.Catalogue, silos, decisions[^1].Reason, cancellationToken) is null
                ? "Its plan was changed by somebody else at the same time."
                : null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The plan in the store is what counts; the next look finds it.
            return e.Message;
        }
    }
}
