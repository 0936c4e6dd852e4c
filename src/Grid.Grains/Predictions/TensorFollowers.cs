using System.Runtime.CompilerServices;
using Grid.Features.Plans;
using Grid.Grains.Catalogue;
using Grid.Grains.Monitoring;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Signatures;
using Grid.Inference.Tensors;
using Grid.Primitives;

namespace Grid.Grains.Predictions;

/// <summary>All that follow the answers to requests by tensors: the prediction log and the monitors. Thread-safe.</summary>
internal sealed class TensorFollowers(PredictionRecorder recorder, MonitorFeeds monitors, CatalogueReplica catalogue, VectorPlans vectors)
{
    /// <summary>By the inputs that the loaded version says it has; gone when it is unloaded.</summary>
    private readonly ConditionalWeakTable<ModelSignature, Asked> _asked = [];

    /// <param name="replica">The version that answered.</param>
    /// <param name="revision">The catalogue revision that chose it.</param>
    /// <param name="inputs">What was asked.</param>
    /// <param name="outputs">What was answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    /// <returns>The id of the first row in the log; null where the version is not logged or the request is none of rows.</returns>
    public string? Answered(in Replica replica, long revision, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, long taken)
    {
        if (!replica.SupportsRows)
        {
            return null;
        }

        var isLogged = recorder.Wants(replica);
        var asked = monitors.IsEnabled ? Find(replica) : null;
        var isWatched = asked is { IsWatched: true };
        if ((!isLogged && !isWatched) || TensorRows.Of(replica, inputs, outputs) is not { } rows)
        {
            return null;
        }

        if (isWatched)
        {
            monitors.OfferTensors(replica, asked!.Vector, rows);
        }

        return isLogged ? recorder.Answered(replica, revision, rows, taken) : null;
    }

    private Asked Find(in Replica replica)
    {
        var plan = catalogue.Current.PlanOf(replica.Key.Workspace);
        if (!_asked.TryGetValue(replica.Signature, out var asked) || asked.Plan != plan)
        {
            asked = Ask(plan, replica);
            _asked.AddOrUpdate(replica.Signature, asked);
        }

        return asked;
    }

    private Asked Ask(FeaturePlan plan, in Replica replica)
    {
        if (replica.Manifest is not { Inputs.Length: > 0 })
        {
            return new Asked(plan, IsWatched: true, Vector: null);
        }

        try
        {
            // As rows of an entity are, so that both go into the same windows. Where those go by the events, tensors, which have no time but now, have no place.
            var vector = vectors.Bind(plan, replica);
            return new Asked(plan, !vector.HasEventClock, vector);
        }
        catch (GridException)
        {
            // It asks for features that the views do not have: nobody can say what its rows are.
            return new Asked(plan, IsWatched: false, Vector: null);
        }
    }

    /// <summary>What a version asks for under the views in force.</summary>
    private sealed record Asked(FeaturePlan Plan, bool IsWatched, BoundVector? Vector);
}
