using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Grains.Replicas;
using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>Chooses the version of each request: as the caller pins it, or as the rollout says as of the revision that the front door saw. Thread-safe, never waits.</summary>
internal sealed class VersionChooser(
    CatalogueReplica catalogue,
    ModelHost host,
    ModelReconciler models,
    ReplicaRoutes routes,
    RolloutCounters counters,
    RolloutInstruments instruments)
{
    private readonly RolloutTickets _tickets = new();

    /// <param name="model">The model.</param>
    /// <param name="tenant">Who asks.</param>
    /// <param name="entity">What the prediction is for; empty for tensors.</param>
    /// <param name="pin">A version or an alias that the caller names, or null.</param>
    /// <param name="revision">The pinned revision; 0 for the current one.</param>
    /// <exception cref="GridException">The model is unknown, has nothing live, or has no such alias.</exception>
    public ChosenVersion Choose(ModelKey model, string tenant, string entity, string? pin, long revision)
    {
        var snapshot = catalogue.At(revision);
        if (!snapshot.Models.TryGetValue(model, out var versioned))
        {
            throw ModelCatalogue.UnknownModel(model, snapshot).ToException();
        }

        var entry = versioned.Entry;
        if (pin is not null)
        {
            return new ChosenVersion(KeyOf(ModelCatalogue.Pinned(model, entry, pin)), Assignment.PinnedArm, snapshot.Revision, entry, Counters: null);
        }

        var ticket = entry.Canary is null && entry.Experiment is null ? 0 : _tickets.Next();
        var assignment = RolloutAssignment.Of(model, entry, new RolloutSubject(tenant, entity, ticket)) ?? throw ModelCatalogue.NothingLive(model).ToException();
        var chosen = new ChosenVersion(KeyOf(assignment.Version), assignment.Arm, snapshot.Revision, entry, counters.Of(model, entry));
        return chosen.IsCanary && !IsAtHand(chosen.Key) ? FallBack(chosen) : chosen;

        VersionKey KeyOf(string version) => new(model.Workspace, model.Model, version);
    }

    /// <summary>Gives a request that the canary cannot answer to the live version: being on trial must not cost a caller the answer.</summary>
    public ChosenVersion FallBack(in ChosenVersion chosen)
    {
        instruments.Fallbacks.Add(1);
        return chosen.OnLive();
    }

    /// <summary>Ready when the canary began; it may have been evicted since, the silo may just have joined, or it lives on other silos.</summary>
    private bool IsAtHand(VersionKey key)
    {
        if (host.IsReady(key) || !routes.IsHere(key))
        {
            return true;
        }

        models.Want(key);
        return false;
    }
}
