using System.Runtime.InteropServices;
using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Grains.Models;
using Grid.Grains.Ownership;
using Grid.Grains.Replicas;
using Grid.Grains.Rollouts;
using Grid.Primitives;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Grid.Grains.Shards;

/// <summary>
/// Answers predictions of a shard whose silo has no replica: the vectors are made here, where the features are, and computed by the nearest silo that has one.
/// Lives on the shard's scheduler; not thread-safe.
/// </summary>
internal sealed class AfarPredictor(
    ReplicaHostClient silos,
    ReplicaRoutes routes,
    CatalogueReplica catalogue,
    VectorPlans vectors,
    AnswerFollowers followers,
    PredictionInstruments instruments,
    IOptions<GridGrainsOptions> options,
    TimeProvider time)
{
    private readonly ShardOptions _options = options.Value.Shards;

    /// <param name="stops">Silos to ask, in order.</param>
    /// <param name="chosen">The version.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="state">Its features.</param>
    /// <param name="ownership">Its owner.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="deadline">Time stamp until which the caller waits; 0 where it does not say.</param>
    /// <param name="taken">When the request was taken up.</param>
    /// <param name="answers">Makes the shard's answers.</param>
    /// <param name="cost">Where it is counted.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    /// <exception cref="GridException">The version cannot be asked for entities at all.</exception>
    public async ValueTask<Prediction[]> RunAsync(
        SiloAddress[] stops,
        ChosenVersion chosen,
        ShardKey shard,
        ShardState state,
        ShardOwnership ownership,
        PredictManyRequest request,
        long deadline,
        long taken,
        PredictionAnswers answers,
        ShardCost cost,
        CancellationToken cancellationToken)
    {
        var predictions = new Prediction[request.Entities.Length];
        var entry = catalogue.Current.Versions.TryGetValue(chosen.Key, out var version) ? version.Entry : throw ModelCatalogue.UnknownVersion(chosen.Key, catalogue.Current).ToException();
        for (var start = 0; start < predictions.Length;)
        {
            // 1. The vectors of one run, bound anew for each: the layout may change while another one is awaited.
            var began = time.GetTimestamp();
            var vector = vectors.BindAfar(state.Plan, chosen.Key, entry);
            var end = Math.Min(predictions.Length, start + vector.MaxBatch);
            if (ShardFreshness.Check(shard, ownership, _options, vector.AllowStaleReads, out var age) is { } stale)
            {
                Fail(start, predictions.Length, stale);
                break;
            }

            var floats = new float[(end - start) * vector.Count];
            var rows = new List<(int Index, long AsOfMs)>(end - start);
            for (var i = start; i < end; i++)
            {
                var asOfMs = request.AsOfMs ?? ShardFreshness.Now(vector.HasEventClock, vector.Inputs, state, request.Entities[i], time);
                if (VectorAssembly.Write(state, vector, new VectorRow(floats, rows.Count), request.Entities[i], request.Values[i], asOfMs) is { } bad)
                {
                    Fail(i, i + 1, bad);
                }
                else
                {
                    rows.Add((i, asOfMs));
                }
            }

            start = end;
            if (rows.Count == 0)
            {
                continue;
            }

            // 2. One hop.
            var run = new AfarRun(chosen.Key, vector.Digest, shard.Tenant, rows.Count, MemoryMarshal.AsBytes(floats.AsSpan(0, rows.Count * vector.Count)).ToArray(), DeadlineMs: 0);
            var busy = time.GetTimestamp() - began;
            var (answer, by) = await silos.RunAsync(stops, run, deadline, cancellationToken);

            // 3. It is counted where the features are: the balancer brings replica and shard together by it.
            var isLocal = by.Equals(routes.Local);
            cost.Predicted(chosen.Key, rows.Count, isLocal, busy);
            if (answer.Layout is not { } layout)
            {
                rows.ForEach(row => Fail(row.Index, row.Index + 1, answer.Error!));
                continue;
            }

            instruments.Predicted(isLocal, rows.Count);
            vector = vectors.Learn(state.Plan, chosen.Key, vector, layout);
            var width = layout.Lengths.Sum();
            for (var row = 0; row < rows.Count; row++)
            {
                var (i, asOfMs) = rows[row];
                var here = new VectorRow(floats, row);
                var values = MemoryMarshal.Cast<byte, float>(answer.Values.Span).Slice(row * width, width).ToArray();
                predictions[i] = answers.Make(shard, ownership, vector, chosen, request.Entities[i], asOfMs, age, values, request.WithFeatures ? here.Copy(vector) : null, isLocal);
                followers.Answered(chosen, shard, state, vector, here, request.Values[i], predictions[i], taken);
            }
        }

        return predictions;

        void Fail(int from, int to, GridError error)
        {
            for (var i = from; i < to; i++)
            {
                predictions[i] = Prediction.Failed(request.Model, request.Entities[i], error);
            }
        }
    }
}
