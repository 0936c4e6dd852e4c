using CsCheck;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Shards;

public sealed class SwitchPlanTests
{
    private const string Base = """
        view: item
        entity: id
        clock: event
        lateness: 3650d
        events: { buy: { id: text, amount: number, colour: text }, look: { id: text } }
        features:
          - { name: n, event: buy, aggregate: count }
          - { name: n_m, event: buy, aggregate: count, window: 1m }
          - { name: sum_m, event: buy, aggregate: sum, field: amount, window: 1m }
          - { name: big_m, event: buy, aggregate: count, where: amount > 10, window: 1m }
          - { name: since, event: buy, aggregate: time_since_last, cap: 1000 }
        """;

    private static readonly FeatureViewDefinition s_base = Assert.Single(ViewYaml.Parse(Base, "base.yaml"));
    private static readonly FeaturePlan s_plan = FeaturePlan.Compile([s_base]);

    [Fact]
    public void TheSameViews_KeepTheirRecords_AndNewOnesStartEmpty()
    {
        using var harness = Filled(s_plan);
        var next = FeaturePlan.Compile([Other("aaa"), s_base with { Description = "another text" }]);
        var before = harness.State.DumpRecord("item", "a");
        harness.State.SwitchPlan(next);

        Assert.Equal(before, harness.State.DumpRecord("item", "a"));
        Assert.Equal(next.Generation, harness.State.Plan.Generation);
        Assert.False(harness.State.Exists("aaa", "a"));
        harness.Deliver("a", [new ModelEvent("buy", "a", 1_200_000, 1, null, null, 0) { Position = 9_000 }]);
        Assert.Equal([1f, 201f], harness.Read(next.BindVector(["aaa.n", "item.n"]), "a", 1_200_000));
    }

    [Fact]
    public void RemovedViews_AreGone_WithTheirPages()
    {
        using var harness = Filled(s_plan);
        harness.State.SwitchPlan(FeaturePlan.Empty);

        Assert.Equal(0, harness.State.RecordCount);
        Assert.Equal(0, harness.State.PageBytes);
    }

    [Fact]
    public void AChangedView_TakesOverWhatMeansTheSame_AndStartsTheRestEmpty()
    {
        using var harness = Filled(s_plan);
        var next = Next();
        harness.State.SwitchPlan(next);
        harness.Deliver("a", [new ModelEvent("buy", "a", 1_199_500, 30, "red", null, 0) { Position = 9_000 }]);

        // 200 events, one a second with amounts 0 to 199, then one more: what is new counts from the switch on.
        var vector = next.BindVector(["item.n", "item.n_m", "item.sum_m", "item.big_m", "item.since", "item.red_m", "item.red_share", "item.max", "item.looks_m", "item.small_m"]);
        var values = harness.Read(vector, "a", 1_200_000);
        Assert.Equal([201f, 60f, Enumerable.Range(141, 59).Sum() + 30f, 60f, 0.5f, 1f, 1f, 30f, 0f, 1f], values);
    }

    [Fact]
    public void ASwitch_IsTheSameByReplayAndSnapshot() => Gen.Select(ModelViews.Stream(5, 200), Gen.Int[0, 4]).Sample(static c =>
    {
        var (events, snapshotAt) = c;
        events = [.. events.Select(static (e, i) => e with { Partition = 0, Position = i })];
        var next = Next();
        using var harness = new ShardHarness(s_plan);
        harness.Plans.Add(next.Generation, next);
        harness.Plans.Add(s_plan.Generation, s_plan);
        var loadUnder = s_plan;
        for (var i = 0; i < 5; i++)
        {
            harness.Deliver("a", [.. events.Where((_, n) => n % 5 == i)]);
            if (i == 1)
            {
                harness.State.SwitchPlan(next);
            }

            if (i == 3)
            {
                harness.State.SwitchPlan(s_plan);
                harness.State.SwitchPlan(next);
            }

            harness.Seal();
            if (i == snapshotAt)
            {
                harness.Store(harness.Capture());
                loadUnder = harness.State.Plan;
                Assert.Equal(loadUnder.Generation, ShardState.ReadManifest(harness.Manifest).Generation);
            }
        }

        using var loaded = harness.Load(loadUnder);
        using var replayed = harness.Load(null, static _ => default, s_plan);
        Assert.Equal(harness.State.StateDigest(), replayed.StateDigest());
        Assert.Equal(harness.State.StateDigest(), loaded.StateDigest());
    }, iter: 40);

    [Fact]
    public void AReplayWithoutTheNextPlan_NamesIt_AndLeavesTheStateUnusable()
    {
        using var harness = Filled(s_plan);
        harness.State.SwitchPlan(Next());
        harness.Seal();
        var block = harness.Log[^1];
        harness.Log.RemoveAt(harness.Log.Count - 1);
        using var state = harness.Load();
        var error = Assert.Throws<GridException>(() => state.Replay(block));

        Assert.Contains(Next().Generation.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(GridErrorCode.Corrupt, Assert.Throws<GridException>(() => state.StateDigest()).Code);
        Assert.Throws<GridException>(() => state.SealBlock());
    }

    [Fact]
    public void AnotherEntity_StartsEmpty()
    {
        using var harness = Filled(s_plan);
        var next = FeaturePlan.Compile([s_base with
        {
            Entity = "colour",
            EventSchemas = new Dictionary<string, IReadOnlyDictionary<string, FieldKind>>
            {
                ["buy"] = s_base.EventSchemas["buy"],
                ["look"] = new Dictionary<string, FieldKind> { ["id"] = FieldKind.Text, ["colour"] = FieldKind.Text },
            },
        }]);
        harness.State.SwitchPlan(next);

        Assert.Equal(0, harness.State.RecordCount);
        Assert.Equal(0, harness.State.PageBytes);
    }

    [Fact]
    public void ALongerWindow_IsDegradedUntilItIsFull()
    {
        using var harness = Filled(s_plan);
        var next = FeaturePlan.Compile([s_base with
        {
            Features = [.. s_base.Features, new FeatureDefinition { Name = "n_2m", Event = "buy", Aggregate = AggregateKind.Count, Window = TimeSpan.FromMinutes(2) }],
        }]);
        harness.State.SwitchPlan(next);
        var values = new float[2];
        var states = new FeatureState[2];
        harness.State.ReadVector(next.BindVector(["item.n_2m", "item.n_m"]), "a", 1_199_000, [], values, states);

        Assert.Equal([FeatureState.Degraded, FeatureState.Fresh], states);
        Assert.InRange(values[0], 60, 120);
        Assert.Equal(60, values[1]);
        harness.State.ReadVector(next.BindVector(["item.n_2m", "item.n_m"]), "a", 1_199_000 + 60_000, [], values, states);
        Assert.Equal((60f, FeatureState.Fresh), (values[0], states[0]));
    }

    private static FeaturePlan Next() => FeaturePlan.Compile([s_base with
    {
        Features =
        [
            .. s_base.Features,
            new FeatureDefinition { Name = "small_m", Event = "buy", Aggregate = AggregateKind.Count, Where = "amount < 150", Window = TimeSpan.FromMinutes(1) },
            new FeatureDefinition { Name = "red_m", Event = "buy", Aggregate = AggregateKind.Count, Where = "colour == 'red'", Window = TimeSpan.FromMinutes(1) },
            new FeatureDefinition { Name = "red_share", Event = "buy", Aggregate = AggregateKind.Share, Where = "colour == 'red'", Window = TimeSpan.FromMinutes(1) },
            new FeatureDefinition { Name = "max", Event = "buy", Aggregate = AggregateKind.Max, Field = "amount" },
            new FeatureDefinition { Name = "last_m", Event = "buy", Aggregate = AggregateKind.Last, Field = "amount", Window = TimeSpan.FromMinutes(1) },
            new FeatureDefinition { Name = "looks_m", Event = "look", Aggregate = AggregateKind.Count, Window = TimeSpan.FromMinutes(1) },
        ],
    }]);

    private static FeatureViewDefinition Other(string name) => s_base with { Name = name };

    private static ShardHarness Filled(FeaturePlan plan)
    {
        var harness = new ShardHarness(plan);
        harness.Deliver("a", [.. Enumerable.Range(0, 200).Select(static i => new ModelEvent("buy", "a", 1_000_000 + (i * 1_000), i, "red", null, 0) { Position = i })]);
        harness.Seal();
        return harness;
    }
}
