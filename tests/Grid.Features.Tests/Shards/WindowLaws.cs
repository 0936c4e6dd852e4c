using CsCheck;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;

namespace Grid.Features.Tests.Shards;

public sealed class WindowLaws
{
    private static readonly Gen<(ModelEvent[] Events, int Gap)> s_cases = Gen.Select(ModelViews.Stream(0, 400), Gen.Int[0, 100_000]);

    // Sums of up to 400 values of up to 60, added in another order: far below 1e-6.
    private const double SumTolerance = 1e-6;

    [Fact]
    public void EveryValue_EqualsTheModel() => s_cases.Sample(static c =>
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        var model = new ModelShard(ModelViews.Definitions);
        foreach (var e in c.Events)
        {
            harness.Deliver(e);
            model.Add(e);
        }

        var newest = c.Events.Length == 0 ? 0 : c.Events.Max(static e => e.TimeMs);
        foreach (var entity in new[] { "a", "b", "c", "unknown" })
        {
            AssertEqual(model, entity, newest + (c.Gap / 50), harness.Read(ModelViews.Vector, entity, newest + (c.Gap / 50)));
            AssertEqual(model, entity, newest + c.Gap, harness.Read(ModelViews.Vector, entity, newest + c.Gap));
        }
    });

    [Fact]
    public void AReadOfThePast_EqualsTheModelOrIsRefusedByName() => s_cases.Sample(static c =>
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        var model = new ModelShard(ModelViews.Definitions);
        foreach (var e in c.Events)
        {
            harness.Deliver(e);
            model.Add(e);
        }

        var asOf = (c.Events.Length == 0 ? 0 : c.Events.Max(static e => e.TimeMs)) - c.Gap;
        var value = new float[1];
        foreach (var column in ModelViews.Columns)
        {
            var outcome = harness.State.ReadVector(ModelViews.Plan.BindVector([column]), "a", asOf, [], value);
            if (outcome.IsOk)
            {
                AssertClose(column, model.Read(column, "a", asOf), value[0]);
            }
            else
            {
                Assert.Equal(Grid.Primitives.GridErrorCode.FailedPrecondition, outcome.Error!.Code);
                Assert.Contains("feature '", outcome.Error.Target, StringComparison.Ordinal);
            }
        }
    }, iter: 60);

    [Fact]
    public void AWindowOfThePast_IsAnsweredWhileItsEntriesAreKept()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number(Enumerable.Range(0, 100).Select(static i => new ModelEvent("buy", "a", 1_000_000 + (i * 100), 1, null, null, 0))));

        Assert.Equal([10f], harness.Read(ModelViews.Plan.BindVector(["item.n_s"]), "a", 1_005_000));
        Assert.Equal([51f], harness.Read(ModelViews.Plan.BindVector(["item.n_m"]), "a", 1_005_000));
    }

    [Fact]
    public void AReadLater_IsWhatAReadThenGives_AndNoReadChangesTheState() => s_cases.Sample(static c =>
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        using var untouched = new ShardHarness(ModelViews.Plan);
        foreach (var e in c.Events)
        {
            harness.Deliver(e);
            untouched.Deliver(e);
        }

        var newest = c.Events.Length == 0 ? 0 : c.Events.Max(static e => e.TimeMs);
        var before = harness.State.StateDigest();
        harness.Read(ModelViews.Vector, "a", newest);
        var later = harness.Read(ModelViews.Vector, "a", newest + c.Gap);

        Assert.Equal(untouched.Read(ModelViews.Vector, "a", newest + c.Gap), later);
        Assert.Equal(before, harness.State.StateDigest());
        Assert.Equal(before, untouched.State.StateDigest());
    }, iter: 50);

    [Fact]
    public void AWindowsValue_DoesNotDependOnWhatIsReadWithIt() => s_cases.Sample(static c =>
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(c.Events);
        var asOf = (c.Events.Length == 0 ? 0 : c.Events.Max(static e => e.TimeMs)) + (c.Gap / 20);
        var together = harness.Read(ModelViews.Vector, "a", asOf);
        for (var i = 0; i < ModelViews.Columns.Length; i++)
        {
            var alone = harness.Read(ModelViews.Plan.BindVector([ModelViews.Columns[i]]), "a", asOf);
            Assert.Equal(BitConverter.SingleToInt32Bits(together[i]), BitConverter.SingleToInt32Bits(alone[0]));
        }
    }, iter: 50);

    [Fact]
    public void StatesOfAVector_SayWhatTheValuesAre()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number([new ModelEvent("buy", "a", 1_000_000, 5, null, null, 0)]));
        var vector = ModelViews.Plan.BindVector(["item.sum", "item.n_s", "item.looks_m"]);
        var values = new float[3];
        var states = new FeatureState[3];

        Assert.True(harness.State.ReadVector(vector, "a", 1_030_000, [], values, states).IsOk);
        Assert.Equal([FeatureState.Fresh, FeatureState.Default, FeatureState.Default], states);
        var unknown = harness.State.ReadVector(vector, "nobody", 1_030_000, [], values, states);
        Assert.Equal(0, unknown.Known);
        Assert.Equal([FeatureState.Missing, FeatureState.Missing, FeatureState.Missing], states);
    }

    internal static void AssertEqual(ModelShard model, string entity, long asOfMs, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            AssertClose(ModelViews.Columns[i], model.Read(ModelViews.Columns[i], entity, asOfMs), values[i]);
        }
    }

    private static void AssertClose(string column, double expected, float actual)
    {
        var isSum = column.Contains("sum", StringComparison.Ordinal) || column.Contains("mean", StringComparison.Ordinal) || column.Contains("delta", StringComparison.Ordinal);
        if (isSum && !double.IsNaN(expected))
        {
            Assert.True(Math.Abs(expected - actual) <= SumTolerance + (Math.Abs(expected) * 1e-6), $"{column}: expected {expected:R}, got {actual:R}");
        }
        else
        {
            Assert.True(((float)expected).Equals(actual), $"{column}: expected {expected:R}, got {actual:R}");
        }
    }
}
