using CsCheck;
using Grid.Features.Definitions;
using Grid.Features.Plans;

namespace Grid.Features.Tests.Model;

/// <summary>Views that use every aggregate in every form, and events for them.</summary>
internal static class ModelViews
{
    public const string Yaml = """
        view: item
        entity: id
        clock: event
        lateness: 3650d
        events:
          buy: { id: text, amount: number, colour: text, flag: bool }
          look: { id: text, colour: text }
        features:
          - { name: n, event: buy, aggregate: count }
          - { name: n_s, event: buy, aggregate: count, window: 1s }
          - { name: n_m, event: buy, aggregate: count, window: 1m }
          - { name: red_m, event: buy, aggregate: count, where: colour == 'red', window: 1m }
          - { name: big_red, event: buy, aggregate: count, where: colour == 'red' and amount > 10 }
          - { name: sum, event: buy, aggregate: sum, field: amount }
          - { name: sum_m, event: buy, aggregate: sum, field: amount, window: 1m }
          - { name: sum_flag_m, event: buy, aggregate: sum, field: amount, where: flag == true, clamp: [-5, 50], window: 1m, default: -1 }
          - { name: mean, event: buy, aggregate: mean, field: amount, clamp: [0, 20] }
          - { name: mean_s, event: buy, aggregate: mean, field: amount, window: 1s, default: nan }
          - { name: mean_m, event: buy, aggregate: mean, field: amount, clamp: [0, 20], window: 1m }
          - { name: min, event: buy, aggregate: min, field: amount, default: 7 }
          - { name: min_m, event: buy, aggregate: min, field: amount, window: 1m }
          - { name: max, event: buy, aggregate: max, field: amount, where: colour != 'red' }
          - { name: max_s, event: buy, aggregate: max, field: amount, window: 1s }
          - { name: last, event: buy, aggregate: last, field: amount }
          - { name: last_m, event: buy, aggregate: last, field: amount, where: flag == false, window: 1m }
          - { name: share, event: buy, aggregate: share, where: amount <= 3 }
          - { name: share_m, event: buy, aggregate: share, where: amount <= 3, window: 1m }
          - { name: since, event: buy, aggregate: time_since_last, unit: ms, cap: 100000 }
          - { name: since_red, event: buy, aggregate: time_since_last, where: colour == 'red', default: nan }
          - { name: looks_s, event: look, aggregate: count, window: 1s }
          - { name: looks_m, event: look, aggregate: count, window: 1m }
          - { name: rate, aggregate: ratio, of: [n_m, looks_m], default: -3 }
          - { name: delta, aggregate: difference, of: [sum_m, min_m] }
        windows: { form: exact, bound: 100000 }
        ---
        view: everything
        scope: tenant
        clock: event
        lateness: 3650d
        events:
          buy: { amount: number }
        features:
          - { name: n_m, event: buy, aggregate: count, window: 1m }
          - { name: sum_m, event: buy, aggregate: sum, field: amount, window: 1m }
          - { name: max, event: buy, aggregate: max, field: amount }
        """;

    public static IReadOnlyList<FeatureViewDefinition> Definitions { get; } = ViewYaml.Parse(Yaml, "model.yaml");

    public static FeaturePlan Plan { get; } = FeaturePlan.Compile(Definitions);

    public static string[] Columns { get; } = [.. Definitions.SelectMany(static v => v.Features.Select(f => $"{v.Name}.{f.Name}"))];

    public static VectorPlan Vector { get; } = Plan.BindVector(Columns);

    public static Gen<ModelEvent> Event(int maxTimeMs, int entities = 3) =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, entities - 1], Gen.Int[0, maxTimeMs], Gen.Double[-20, 60], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 1])
            .Select(static (type, entity, time, amount, colour, flag, partition) => new ModelEvent(
                type < 7 ? "buy" : "look",
                ((char)('a' + entity)).ToString(),
                1_000_000_000_000 + time,
                type == 0 ? null : amount,
                colour switch { 0 => "red", 1 => "blue", 2 => "gr'een", _ => null },
                flag switch { 0 => true, 1 => false, _ => null },
                partition));

    /// <summary>Events that mostly rise in time, with some that are late and some at the same time.</summary>
    public static Gen<ModelEvent[]> Stream(int min, int max, int entities = 3) =>
        Gen.Select(Event(200, entities), Gen.Int[0, 9]).Array[min, max].Select(static steps =>
        {
            long time = 0;
            return ModelEvent.Number(steps.Select(step =>
            {
                var (e, how) = step;
                var offset = e.TimeMs - 1_000_000_000_000;
                time += how == 0 ? offset * 40 : how < 4 ? 0 : offset;
                var late = how == 9 ? offset * 100 : 0;
                return e with { TimeMs = 1_000_000_000_000 + Math.Max(0, time - late) };
            }));
        });
}
