using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;

namespace Grid.Features.Tests.Shards;

/// <summary>At its bound a series turns its oldest entries into tiles, says so, and stays within what it says.</summary>
public sealed partial class BoundLaws
{
    private static readonly FeaturePlan s_plan = FeaturePlan.Compile(ViewYaml.Parse("""
        view: item
        entity: id
        clock: event
        lateness: 3650d
        events: { buy: { id: text, amount: number } }
        features:
          - { name: n_s, event: buy, aggregate: count, window: 1s }
          - { name: n_m, event: buy, aggregate: count, window: 1m }
          - { name: max_m, event: buy, aggregate: max, field: amount, window: 1m }
          - { name: last_m, event: buy, aggregate: last, field: amount, window: 1m }
        windows: { form: exact, bound: 16 }
        """, "bound.yaml"));

    [Fact]
    public void CountsOverTiles_AreWithinTheTileThatTheWindowCuts() => Gen.Select(ModelViews.Stream(50, 500, 1), Gen.Int[0, 70_000]).Sample(static c =>
    {
        var (events, gap) = c;
        events = [.. events.Select(static e => e with { Type = "buy" })];
        using var harness = new ShardHarness(s_plan);
        harness.Deliver(events.Where(static e => e.Partition == 0).ToArray());
        var mine = events.Where(static e => e.Partition == 0).ToArray();
        if (mine.Length == 0)
        {
            return;
        }

        var asOf = mine.Max(static e => e.TimeMs) + gap;
        var values = new float[4];
        var states = new FeatureState[4];
        Assert.True(harness.State.ReadVector(s_plan.BindVector(["item.n_s", "item.n_m", "item.max_m", "item.last_m"]), "a", asOf, [], values, states).IsOk);
        var tiles = Tile().Matches(harness.State.DumpRecord("item", "a")!)
            .Select(static m => (First: Long(m, 1), Last: Long(m, 2), Entries: Long(m, 3))).ToArray();
        Assert.True(tiles.Length <= 32);
        foreach (var (value, state, window) in new[] { (values[0], states[0], 1_000), (values[1], states[1], 60_000) })
        {
            var exact = mine.Count(e => e.TimeMs > asOf - window && e.TimeMs <= asOf);
            var cut = tiles.Where(t => t.First <= asOf - window && t.Last > asOf - window).Sum(static t => t.Entries);
            Assert.Equal(cut > 0, state == FeatureState.Degraded);
            Assert.InRange(value, exact, exact + cut);
        }
    });

    [Fact]
    public void AtTheBound_TheShardSaysDegraded_AndMemoryStaysBounded()
    {
        using var harness = new ShardHarness(s_plan);
        var batch = ModelEvent.Number(Enumerable.Range(0, 20_000).Select(static i => new ModelEvent("buy", "a", 1_000_000 + i, i, null, null, 0)));
        harness.Deliver("a", batch[..2_000], 100);
        var bytes = harness.State.PageBytes;
        harness.Deliver("a", batch, 100);

        Assert.Equal(bytes, harness.State.PageBytes);
        var values = new float[3];
        var states = new FeatureState[3];
        var outcome = harness.State.ReadVector(s_plan.BindVector(["item.n_s", "item.n_m", "item.last_m"]), "a", 1_019_999, [], values, states);
        Assert.True(outcome.IsDegraded);
        Assert.Equal(FeatureState.Degraded, states[0]);
        Assert.Equal(20_000, values[1]);
        Assert.Equal(FeatureState.Fresh, states[1]);
        Assert.Equal(19_999, values[2]);
    }

    [Fact]
    public void DegradedState_IsTheSameByReplayAndSnapshot()
    {
        using var harness = new ShardHarness(s_plan);
        var events = ModelEvent.Number(Enumerable.Range(0, 3_000).Select(static i => new ModelEvent("buy", $"e{i % 7}", 1_000_000 + (i * 20) - (i % 11 * 300), i, null, null, 0)));
        harness.Deliver("a", events[..1_500]);
        harness.Seal();
        var snapshot = harness.Capture();
        harness.Deliver("a", events[1_500..]);
        harness.Seal();
        harness.Store(snapshot);
        using var loaded = harness.Load();

        Assert.Equal(harness.State.StateDigest(), loaded.StateDigest());
    }

    private static long Long(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tile (\d+) to (\d+): (\d+) entries")]
    private static partial Regex Tile();
}
