using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Rollouts;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Rows;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>
/// Sends an answered prediction to the versions it is compared with. On the shard's turn only their vectors are made: copied where both ask for the same columns,
/// otherwise read as of the same time. The runs happen elsewhere. Lives on the shard's scheduler; never throws what concerns the other version.
/// </summary>
internal sealed class ShardMirror(ModelHost host, VectorPlans vectors, ShadowRunner runner)
{
    /// <param name="chosen">The version that answered.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="state">Its features.</param>
    /// <param name="vector">What the version asked for.</param>
    /// <param name="row">The vector that it ran on.</param>
    /// <param name="values">Request-time values.</param>
    /// <param name="answer">What it answered.</param>
    public void Offer(in ChosenVersion chosen, ShardKey shard, ShardState state, BoundVector vector, VectorRow row, RequestValues values, Prediction answer)
    {
        if (chosen.Counters is not { } counters || chosen.Entry.Live is not { } live)
        {
            return;
        }

        if (chosen.Key.Version == live)
        {
            foreach (var shadow in chosen.Entry.Shadows ?? [])
            {
                Offer(shadow, isChampion: false, counters.Comparison(live, shadow), chosen, shard, state, vector, row, values, answer);
            }
        }
        else if (chosen.IsCanary)
        {
            // The other way round: the champion says what it would have answered.
            Offer(live, isChampion: true, counters.Comparison(live, chosen.Key.Version), chosen, shard, state, vector, row, values, answer);
        }
    }

    private void Offer(
        string version,
        bool isChampion,
        ComparisonCounter counter,
        in ChosenVersion chosen,
        ShardKey shard,
        ShardState state,
        BoundVector vector,
        VectorRow row,
        RequestValues values,
        Prediction answer)
    {
        if (!runner.HasRoom || !host.TryAcquire(chosen.Key with { Version = version }, out var replica))
        {
            counter.Dropped();
            return;
        }

        RowBuffer? copy = null;
        try
        {
            var other = vectors.Bind(state.Plan, replica);
            copy = replica.Rent();
            var target = new VectorRow(copy, 0);
            if (!TryCopy(vector, row, other, target) && VectorAssembly.Write(state, other, target, answer.Entity, values, answer.AsOfMs) is not null)
            {
                counter.Failed();
                return;
            }

            var guard = isChampion ? GuardOf(chosen.Key) : replica.Manifest?.Guards?.Disagreement;
            if (runner.TryOffer(new ShadowRun(replica, copy, other, answer, isChampion, shard.Tenant, guard, counter)))
            {
                copy = null;
                replica = default;
            }
            else
            {
                counter.Dropped();
            }
        }
        catch (GridException)
        {
            // It asks for features that the views do not have, or takes no rows: it could not have answered.
            counter.Failed();
        }
        finally
        {
            copy?.Dispose();
            replica.Dispose();
        }
    }

    private DisagreementGuard? GuardOf(VersionKey key)
    {
        if (!host.TryAcquire(key, out var replica))
        {
            return null;
        }

        using (replica)
        {
            return replica.Manifest?.Guards?.Disagreement;
        }
    }

    private static bool TryCopy(BoundVector from, VectorRow source, BoundVector to, VectorRow target)
    {
        if (from.Inputs.Length != to.Inputs.Length)
        {
            return false;
        }

        for (var input = 0; input < from.Inputs.Length; input++)
        {
            if (from.Inputs[input].Fingerprint != to.Inputs[input].Fingerprint)
            {
                return false;
            }
        }

        for (var input = 0; input < from.Inputs.Length; input++)
        {
            source.Input(from, input).CopyTo(target.Input(to, input));
        }

        return true;
    }
}
