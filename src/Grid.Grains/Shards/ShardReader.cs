using Grid.Abstractions;
using Grid.Features.Definitions;
using Grid.Features.Shards;
using Grid.Grains.Hosting;
using Grid.Grains.Ownership;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Shards;

/// <summary>Reads features of one entity, with what each value is worth. Holds no state of a shard.</summary>
internal sealed class ShardReader(VectorPlans vectors, IOptions<GridGrainsOptions> options, TimeProvider time)
{
    public FeatureReading Read(ShardKey shard, ShardState state, ShardOwnership ownership, FeatureReadRequest request)
    {
        try
        {
            if (ShardFreshness.Check(shard, ownership, options.Value.Shards, allowStaleReads: false, out var age) is { } stale)
            {
                return Failed(request, stale);
            }

            var plan = vectors.BindView(state.Plan, shard.Workspace, request.View, request.Features);
            var view = state.Plan.FindView(request.View)!.Definition;
            var newest = state.NewestEventMs(plan, request.Entity);
            if (newest == long.MinValue && view.Scope == ViewScope.Entity)
            {
                return Failed(request, GridError.NotFound(
                    $"entity '{request.Entity}'",
                    $"has no events in view '{request.View}' of tenant '{shard.Tenant}'.",
                    "Check the key; a prediction for a new entity uses the declared defaults."));
            }

            var asOfMs = request.AsOfMs ?? ShardFreshness.Now(view.Clock == ViewClock.Event, [plan], state, request.Entity, time);
            var values = new float[plan.Count];
            var states = new Features.Shards.FeatureState[plan.Count];
            var outcome = state.ReadVector(plan, request.Entity, asOfMs, [], values, states);
            return outcome.IsOk
                ? new FeatureReading(
                    request.View,
                    request.Entity,
                    asOfMs,
                    [.. plan.Columns.Select(column => column.Name[(request.View.Length + 1)..])],
                    values,
                    [.. states.Select(s => (Abstractions.FeatureState)(byte)s)],
                    newest == long.MinValue ? null : newest,
                    age)
                : Failed(request, outcome.Error!);
        }
        catch (GridException e)
        {
            return Failed(request, e.Error);
        }
    }

    private static FeatureReading Failed(FeatureReadRequest request, GridError error) =>
        new(request.View, request.Entity, request.AsOfMs ?? 0, [], [], [], null, 0, error);
}
