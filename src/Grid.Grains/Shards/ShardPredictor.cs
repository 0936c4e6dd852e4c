using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Hosting;
using Grid.Grains.Models;
using Grid.Grains.Monitoring;
using Grid.Grains.Ownership;
using Grid.Grains.Replicas;
using Grid.Grains.Rollouts;
using Grid.Inference.Hosting;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Primitives;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Grid.Grains.Shards;

/// <summary>Answers reads and predictions of one shard. Lives on the shard's scheduler; not thread-safe.</summary>
internal sealed class ShardPredictor(
    VersionChooser versions,
    ModelHost host,
    ModelReconciler models,
    ReplicaRoutes routes,
    AfarPredictor afar,
    VectorPlans vectors,
    AnswerFollowers followers,
    PredictionInstruments instruments,
    MonitorFeeds monitors,
    IOptions<GridGrainsOptions> options,
    TimeProvider time)
{
    private readonly ShardOptions _options = options.Value.Shards;
    private readonly PredictionAnswers _answers = new(options.Value.HttpAddress);

    /// <summary>Where what predictions take is counted. Set before the first of them.</summary>
    public ShardCost Cost { get; set; } = null!;

    /// <summary>Predictions answered.</summary>
    public long Predictions => _answers.Given;

    public async ValueTask<Prediction> PredictAsync(ShardKey shard, ShardState state, ShardOwnership ownership, PredictRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // 1. The version: pinned by the caller, or by the rollout as of the revision that the front door saw.
            var chosen = versions.Choose(new ModelKey(shard.Workspace, request.Model), shard.Tenant, request.Entity, request.Version, request.Revision);
            var prediction = await PredictAsync(chosen, shard, state, ownership, request, cancellationToken);
            return chosen.IsCanary && CanFallBack(prediction)
                ? await PredictAsync(versions.FallBack(chosen), shard, state, ownership, request, cancellationToken)
                : prediction;
        }
        catch (GridException e)
        {
            return Prediction.Failed(request.Model, request.Entity, e.Error);
        }
    }

    private async ValueTask<Prediction> PredictAsync(ChosenVersion chosen, ShardKey shard, ShardState state, ShardOwnership ownership, PredictRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var prediction = await RunAsync(chosen, shard, state, ownership, request, start, cancellationToken);
        Count(chosen, start, prediction);
        return prediction;
    }

    private async ValueTask<Prediction> RunAsync(ChosenVersion chosen, ShardKey shard, ShardState state, ShardOwnership ownership, PredictRequest request, long taken, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = DeadlineOf(request.DeadlineMs);
            if (!host.TryAcquire(chosen.Key, out var lease))
            {
                (lease, var stops) = await FindAsync(chosen.Key, deadline, cancellationToken);
                if (stops is not null)
                {
                    var one = new PredictManyRequest(request.Model, request.Version, [request.Entity], [request.Values], request.AsOfMs, request.DeadlineMs, request.Revision, request.WithFeatures);
                    return (await afar.RunAsync(stops, chosen, shard, state, ownership, one, deadline, taken, _answers, Cost, cancellationToken))[0];
                }
            }

            using var replica = lease;
            var began = time.GetTimestamp();

            // 2. The vector, written straight into the memory that the session reads.
            var vector = vectors.Bind(state.Plan, replica);
            if (ShardFreshness.Check(shard, ownership, _options, vector.AllowStaleReads, out var age) is { } stale)
            {
                return Prediction.Failed(request.Model, request.Entity, stale);
            }

            using var buffer = replica.Rent();
            var asOfMs = request.AsOfMs ?? NowOf(vector, state, request.Entity);
            var row = new VectorRow(buffer, 0);
            if (VectorAssembly.Write(state, vector, row, request.Entity, request.Values, asOfMs) is { } bad)
            {
                return Prediction.Failed(request.Model, request.Entity, bad);
            }

            var features = request.WithFeatures ? row.Copy(vector) : null;

            // 3. The run: on this thread where it is cheap, otherwise on the host's workers.
            var ranAt = time.GetTimestamp();
            var result = await replica.RunAsync(buffer, new RunContext(shard.Tenant, deadline, cancellationToken));
            Cost.Predicted(chosen.Key, 1, isLocal: true, BusyTicks(began, ranAt, result, rows: 1));
            if (!result.IsOk)
            {
                return Prediction.Failed(request.Model, request.Entity, result.Error);
            }

            // 4. The answer names what computed it.
            instruments.Predicted(isLocal: true, 1);
            var answer = _answers.Make(shard, ownership, vector, chosen, request.Entity, asOfMs, age, OutputValues.Of(buffer, vector.Layout, 0), features, isLocal: true);
            followers.Answered(chosen, shard, state, vector, row, request.Values, answer, taken);
            return answer;
        }
        catch (GridException e)
        {
            return Prediction.Failed(request.Model, request.Entity, e.Error);
        }
    }

    public async ValueTask<Prediction[]> PredictManyAsync(ShardKey shard, ShardState state, ShardOwnership ownership, PredictManyRequest request, CancellationToken cancellationToken)
    {
        var answers = new Prediction[request.Entities.Length];
        var model = new ModelKey(shard.Workspace, request.Model);
        try
        {
            var chosen = new ChosenVersion[answers.Length];
            for (var i = 0; i < chosen.Length; i++)
            {
                chosen[i] = i > 0 && !chosen[0].IsDivided ? chosen[0] : versions.Choose(model, shard.Tenant, request.Entities[i], request.Version, request.Revision);
            }

            // One batch for each version; one alone where traffic is not divided.
            foreach (var group in Enumerable.Range(0, answers.Length).GroupBy(i => (chosen[i].Key, chosen[i].Arm)))
            {
                int[] indexes = [.. group];
                await RunPartAsync(chosen[indexes[0]], indexes);
                int[] failed = chosen[indexes[0]].IsCanary ? [.. indexes.Where(i => CanFallBack(answers[i]))] : [];
                if (failed.Length > 0)
                {
                    await RunPartAsync(versions.FallBack(chosen[failed[0]]), failed);
                }
            }
        }
        catch (GridException e)
        {
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] ??= Prediction.Failed(request.Model, request.Entities[i], e.Error);
            }
        }

        return answers;

        async ValueTask RunPartAsync(ChosenVersion version, int[] indexes)
        {
            var start = time.GetTimestamp();
            var part = indexes.Length == answers.Length
                ? request
                : request with { Entities = [.. indexes.Select(i => request.Entities[i])], Values = [.. indexes.Select(i => request.Values[i])] };
            var predictions = await RunManyAsync(version, shard, state, ownership, part, start, cancellationToken);
            for (var i = 0; i < indexes.Length; i++)
            {
                answers[indexes[i]] = predictions[i];
                Count(version, start, predictions[i]);
            }
        }
    }

    private async ValueTask<Prediction[]> RunManyAsync(ChosenVersion chosen, ShardKey shard, ShardState state, ShardOwnership ownership, PredictManyRequest request, long taken, CancellationToken cancellationToken)
    {
        var answers = new Prediction[request.Entities.Length];
        var times = new long[answers.Length];
        try
        {
            var deadline = DeadlineOf(request.DeadlineMs);
            if (!host.TryAcquire(chosen.Key, out var lease))
            {
                (lease, var stops) = await FindAsync(chosen.Key, deadline, cancellationToken);
                if (stops is not null)
                {
                    return await afar.RunAsync(stops, chosen, shard, state, ownership, request, deadline, taken, _answers, Cost, cancellationToken);
                }
            }

            using var replica = lease;
            for (var start = 0; start < answers.Length; start += replica.MaxBatch)
            {
                // Bound anew for each run: the layout may change while another one is awaited.
                var began = time.GetTimestamp();
                var vector = vectors.Bind(state.Plan, replica);
                var end = Math.Min(answers.Length, start + replica.MaxBatch);
                if (ShardFreshness.Check(shard, ownership, _options, vector.AllowStaleReads, out var age) is { } stale)
                {
                    Fail(start, answers.Length, stale);
                    break;
                }

                var good = new int[end - start];
                var count = 0;
                using var buffer = replica.Rent(end - start);
                for (var i = start; i < end; i++)
                {
                    times[i] = request.AsOfMs ?? NowOf(vector, state, request.Entities[i]);

                    // A bad row gives its place to the next one, so that the others still run as one batch.
                    if (VectorAssembly.Write(state, vector, new VectorRow(buffer, count), request.Entities[i], request.Values[i], times[i]) is { } bad)
                    {
                        Fail(i, i + 1, bad);
                    }
                    else
                    {
                        good[count++] = i;
                    }
                }

                for (var row = count; row < end - start; row++)
                {
                    new VectorRow(buffer, row).Clear(vector);
                }

                if (count == 0)
                {
                    continue;
                }

                var ranAt = time.GetTimestamp();
                var result = await replica.RunAsync(buffer, new RunContext(shard.Tenant, deadline, cancellationToken));
                Cost.Predicted(chosen.Key, count, isLocal: true, BusyTicks(began, ranAt, result, end - start));
                instruments.Predicted(isLocal: true, result.IsOk ? count : 0);
                for (var row = 0; row < count; row++)
                {
                    var i = good[row];
                    if (!result.IsOk)
                    {
                        answers[i] = Prediction.Failed(request.Model, request.Entities[i], result.Error);
                        continue;
                    }

                    var here = new VectorRow(buffer, row);
                    answers[i] = _answers.Make(shard, ownership, vector, chosen, request.Entities[i], times[i], age, OutputValues.Of(buffer, vector.Layout, row), request.WithFeatures ? here.Copy(vector) : null, isLocal: true);
                    followers.Answered(chosen, shard, state, vector, here, request.Values[i], answers[i], taken);
                }
            }
        }
        catch (GridException e)
        {
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] ??= Prediction.Failed(request.Model, request.Entities[i], e.Error);
            }
        }

        return answers;

        void Fail(int start, int end, GridError error)
        {
            for (var i = start; i < end; i++)
            {
                answers[i] = Prediction.Failed(request.Model, request.Entities[i], error);
            }
        }
    }

    /// <summary>Time on threads: the assembly and the run, without the wait for a worker; of a run that others shared its own part.</summary>
    private long BusyTicks(long began, long ranAt, in RunResult result, int rows)
    {
        var run = time.GetTimestamp() - ranAt;
        if (!result.WasInline)
        {
            run -= (long)(result.QueueTime.TotalSeconds * time.TimestampFrequency);
            run = Math.Max(0, run) * rows / Math.Max(rows, result.BatchRows);
        }

        return ranAt - began + run;
    }

    private long NowOf(BoundVector vector, ShardState state, string entity) =>
        ShardFreshness.Now(vector.HasEventClock, vector.Inputs, state, entity, time);

    /// <summary>Whether the live version may answer where the canary could not. Nobody waits for the rest any longer.</summary>
    private static bool CanFallBack(Prediction prediction) =>
        prediction.Error is { Code: not (GridErrorCode.Cancelled or GridErrorCode.DeadlineExceeded) };

    private void Count(in ChosenVersion chosen, long start, Prediction prediction)
    {
        var elapsed = time.GetElapsedTime(start);
        monitors.Count(chosen, elapsed, prediction.Error);
        if (chosen.Counters is { } counters && prediction.Error?.Code != GridErrorCode.Cancelled)
        {
            counters.Version(chosen.Key.Version).Add(elapsed, failed: prediction.Error is not null);
        }
    }

    /// <summary>First use of a version that is not kept loaded, or was evicted, or lives on other silos: a lease, or the silos to ask.</summary>
    private async ValueTask<(Replica Lease, SiloAddress[]? Stops)> FindAsync(VersionKey key, long deadline, CancellationToken cancellationToken)
    {
        var stops = routes.Require(key);
        if (!stops[0].Equals(routes.Local))
        {
            return (default, stops);
        }

        try
        {
            return (await models.AcquireAsync(key, deadline, cancellationToken), null);
        }
        catch (GridException e) when (stops.Length > 1 && e.Code is GridErrorCode.Unavailable or GridErrorCode.TooLarge && (deadline == 0 || time.GetTimestamp() < deadline))
        {
            // There is no memory for it here; another silo may have it.
            return (default, stops[1..]);
        }
    }

    private long DeadlineOf(int? deadlineMs) =>
        deadlineMs is { } ms ? time.GetTimestamp() + (long)(ms * (time.TimestampFrequency / 1000.0)) : 0;
}
