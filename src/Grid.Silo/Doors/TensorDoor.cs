using Grid.Client;
using Grid.Grains.Models;
using Grid.Grains.Monitoring;
using Grid.Grains.Predictions;
using Grid.Grains.Replicas;
using Grid.Grains.Rollouts;
using Grid.Inference.Hosting;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Silo.Doors;

/// <summary>Runs tensors on the replica of this silo, or on another's where the version lives there. They name no entity, so a rollout draws each request anew; they are not shadowed.</summary>
internal sealed class TensorDoor(VersionChooser versions, ModelHost host, ModelReconciler models, ReplicaRoutes routes, ReplicaHostClient silos, TensorFollowers followers, MonitorFeeds monitors, TimeProvider time)
{
    /// <summary>Callers by tensor name no tenant; they share one turn.</summary>
    private const string Caller = TensorIds.Tenant;

    /// <summary>What threw something else than an error of the grid's.</summary>
    private static readonly GridError Unknown = new(GridErrorCode.Internal, "request", "failed.");

    public async ValueTask<TensorPrediction> RunAsync(
        ModelKey model,
        IReadOnlyList<Tensor> inputs,
        string? version,
        IReadOnlyList<string>? outputs,
        TimeSpan? deadline,
        CancellationToken cancellationToken)
    {
        var until = deadline is { } wait ? time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency) : 0;
        var chosen = versions.Choose(model, Caller, entity: "", version, revision: 0);
        try
        {
            return await RunAsync(chosen, inputs, outputs, until, cancellationToken);
        }
        catch (GridException e) when (chosen.IsCanary && e.Code is not (GridErrorCode.Cancelled or GridErrorCode.DeadlineExceeded))
        {
            return await RunAsync(versions.FallBack(chosen), inputs, outputs, until, cancellationToken);
        }
    }

    private async ValueTask<TensorPrediction> RunAsync(ChosenVersion chosen, IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, long until, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        GridError? error = Unknown;
        try
        {
            if (!host.IsReady(chosen.Key) && routes.Require(chosen.Key) is var stops && !stops[0].Equals(routes.Local))
            {
                // One hop, to a silo that has a replica.
                var (afar, _) = await silos.RunTensorsAsync(stops, new AfarTensors(chosen.Key, chosen.Revision, [.. inputs], outputs?.ToArray(), DeadlineMs: 0), until, cancellationToken);
                error = afar.Error;
                return error is not null
                    ? throw error.ToException()
                    : new TensorPrediction(chosen.Key.Model, chosen.Key.Version, afar.Digest, afar.Outputs) { PredictionId = afar.PredictionId };
            }

            using var replica = await models.AcquireAsync(chosen.Key, until, cancellationToken);
            var answer = await replica.RunTensorsAsync(inputs, outputs, new RunContext(Caller, until, cancellationToken));
            error = null;
            return new TensorPrediction(chosen.Key.Model, chosen.Key.Version, replica.Digest.ToString(), answer)
            {
                PredictionId = followers.Answered(replica, chosen.Revision, inputs, answer, start),
            };
        }
        catch (GridException e)
        {
            error = e.Error;
            throw;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                var elapsed = time.GetElapsedTime(start);
                chosen.Counters?.Version(chosen.Key.Version).Add(elapsed, error is not null);
                monitors.Count(chosen, elapsed, error);
            }
        }
    }
}
