using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Hosting;
using Grid.Grains.Models;
using Grid.Grains.Monitoring;
using Grid.Grains.Ownership;
using Grid.Grains.Predictions;
using Grid.Grains.Rollouts;
using Grid.Inference.Hosting;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Shards;

/// <summary>Answers reads and predictions of one shard. Lives on the shard's scheduler; not thread-safe.</summary>
internal sealed class ShardPredictor(
    VersionChooser versions,
    ShardMirror mirror,
    ModelHost host,
    ModelReconciler models,
    VectorPlans vectors,
    PredictionInstruments instruments,
    PredictionRecorder recorder,
    MonitorFeeds monitors,
    IOptions<GridGrainsOptions> options,
    TimeProvider time)
{
    /// <summary>The largest vector of request values kept on the stack.</summary>
    private const int StackValues = 128;

    private readonly ShardOptions _options = options.Value.Shards;
    private PredictionIds? _ids;

    /// <summary>Where what predictions take is counted. Set before the first of them.</summary>
    public ShardCost Cost { get; set; } = null!;

    /// <summary>Predictions answered.</summary>
    public long Predictions => _ids?.Given ?? 0;

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
            using var replica = await AcquireAsync(chosen.Key, cancellationToken);
            var began = time.GetTimestamp();

            // 2. The vector, written straight into the memory that the session reads.
            var vector = vectors.Bind(state.Plan, replica);
            if (ShardFreshness.Check(shard, ownership, _options, vector.AllowStaleReads, out var age) is { } stale)
            {
                return Prediction.Failed(request.Model, request.Entity, stale);
            }

            using var buffer = replica.Rent();
            var asOfMs = request.AsOfMs ?? NowOf(vector, state, request.Entity);
            if (Assemble(state, vector, buffer, 0, request.Entity, request.Values, asOfMs) is { } bad)
            {
                return Prediction.Failed(request.Model, request.Entity, bad);
            }

            var features = request.WithFeatures ? CopyRow(vector, buffer, 0) : null;

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
            var answer = Answer(shard, ownership, vector, chosen, request.Entity, asOfMs, age, buffer, 0, features);
            recorder.Answered(chosen.Key, shard, vector, buffer, 0, answer, taken);
            mirror.Offer(chosen, shard, state, vector, buffer, 0, request.Values, answer);
            monitors.Offer(chosen, shard.Tenant, vector, buffer, 0, answer);
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
            using var replica = await AcquireAsync(chosen.Key, cancellationToken);
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
                    if (Assemble(state, vector, buffer, count, request.Entities[i], request.Values[i], times[i]) is { } bad)
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
                    FillUnused(vector, buffer, row);
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

                    answers[i] = Answer(shard, ownership, vector, chosen, request.Entities[i], times[i], age, buffer, row, request.WithFeatures ? CopyRow(vector, buffer, row) : null);
                    recorder.Answered(chosen.Key, shard, vector, buffer, row, answers[i], taken);
                    mirror.Offer(chosen, shard, state, vector, buffer, row, request.Values[i], answers[i]);
                    monitors.Offer(chosen, shard.Tenant, vector, buffer, row, answers[i]);
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

    /// <summary>Writes one vector; what is wrong with the request, or null.</summary>
    internal static GridError? Assemble(ShardState state, BoundVector vector, RowBuffer buffer, int row, string entity, RequestValues values, long asOfMs)
    {
        if (RequestBinding.Unexpected(vector, values) is { } unexpected)
        {
            return unexpected;
        }

        Span<double> stack = stackalloc double[StackValues];
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            var plan = vector.Inputs[input];
            var requested = plan.RequestNames.Count <= StackValues ? stack[..plan.RequestNames.Count] : new double[plan.RequestNames.Count];
            if (RequestBinding.Fill(plan, values, requested) is { } bad)
            {
                return bad;
            }

            var outcome = state.ReadVector(plan, entity, asOfMs, requested, buffer.Row(row, input));
            if (!outcome.IsOk)
            {
                return outcome.Error;
            }
        }

        return null;
    }

    private static void FillUnused(BoundVector vector, RowBuffer buffer, int row)
    {
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            buffer.Row(row, input).Clear();
        }
    }

    internal static float[] CopyRow(BoundVector vector, RowBuffer buffer, int row)
    {
        var copy = new float[vector.Count];
        CopyRow(vector, buffer, row, copy);
        return copy;
    }

    /// <summary>Writes the vector of all inputs, one behind the other.</summary>
    internal static void CopyRow(BoundVector vector, RowBuffer buffer, int row, Span<float> into)
    {
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            var floats = buffer.Row(row, input);
            floats.CopyTo(into);
            into = into[floats.Length..];
        }
    }

    private Prediction Answer(
        ShardKey shard,
        ShardOwnership ownership,
        BoundVector vector,
        in ChosenVersion chosen,
        string entity,
        long asOfMs,
        long ageMs,
        RowBuffer buffer,
        int row,
        float[]? features)
    {
        _ids ??= new PredictionIds(shard, ownership.Lease.Epoch);
        return new Prediction
        {
            Id = _ids.Next(asOfMs),
            Model = chosen.Key.Model,
            Version = vector.Version,
            Arm = chosen.Arm,
            Digest = vector.Digest,
            Revision = chosen.Revision,
            Entity = entity,
            AsOfMs = asOfMs,
            Layout = vector.Layout,
            Values = OutputValues.Of(buffer, vector.Layout, row),
            Features = features,
            Owner = options.Value.HttpAddress,
            OwnershipAgeMs = ageMs,
            Local = true,
        };
    }

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

    private ValueTask<Replica> AcquireAsync(VersionKey key, CancellationToken cancellationToken) =>
        host.TryAcquire(key, out var replica) ? new ValueTask<Replica>(replica) : LoadAsync(key, cancellationToken);

    /// <summary>First use of a version that is not kept loaded, or was evicted.</summary>
    private async ValueTask<Replica> LoadAsync(VersionKey key, CancellationToken cancellationToken)
    {
        await models.EnsureAsync(key, cancellationToken);
        return host.TryAcquire(key, out var replica)
            ? replica
            : throw GridError.Unavailable($"version '{key.Version}' of model '{key.Model}'", "was evicted as soon as it was loaded.", "Give the silo more memory for models (Grid:ModelMemoryBytes).", retryAfterMs: 1000).ToException();
    }

    private long DeadlineOf(int? deadlineMs) =>
        deadlineMs is { } ms ? time.GetTimestamp() + (long)(ms * (time.TimestampFrequency / 1000.0)) : 0;
}
