using System.Globalization;
using CsCheck;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Rollouts;
using Grid.Primitives;

namespace Grid.Grains.Tests.Rollouts;

/// <summary>Laws of who gets which version.</summary>
public sealed class AssignmentLawTests
{
    private const int Entities = 20_000;
    private static readonly ModelKey s_model = new("default", "m");

    [Fact]
    public void ACanarysShare_IsMetWithinBinomialBounds() =>
        Gen.Select(Gen.Double[0.1, 99.9], Gen.Long[1, 1_000_000], Gen.String[Gen.Char.AlphaNumeric, 1, 12]).Sample(
            (share, trial, tenant) =>
            {
                var entry = WithCanary(share, trial);
                var inside = Names().Count(entity => Of(entry, tenant, entity).Arm == "canary");
                AssertBinomial(inside, Entities, share / 100);
            },
            iter: 200);

    [Fact]
    public void ArmsSharesAreTheirWeights_WithinBinomialBounds() =>
        Gen.Select(Gen.Double[0.05, 10].Array[2, 5], Gen.Long[1, 1_000_000]).Sample(
            (weights, trial) =>
            {
                var entry = WithArms(weights, trial);
                var counts = Names().GroupBy(entity => Of(entry, "t", entity).Arm).ToDictionary(group => group.Key, group => group.Count());
                for (var i = 0; i < weights.Length; i++)
                {
                    AssertBinomial(counts.GetValueOrDefault($"arm{i}"), Entities, weights[i] / weights.Sum());
                }
            },
            iter: 100);

    [Fact]
    public void RaisingAShare_KeepsEverythingThatWasInIt() =>
        Gen.Select(Gen.Double[0.1, 100], Gen.Double[0.1, 100], Gen.Long[1, 1000]).Sample(
            (a, b, trial) =>
            {
                var (low, high) = (WithCanary(Math.Min(a, b), trial), WithCanary(Math.Max(a, b), trial));
                return Names(2_000).All(entity => Of(low, "t", entity).Arm != "canary" || Of(high, "t", entity).Arm == "canary");
            },
            iter: 200);

    [Fact]
    public void RaisingAnArmsWeight_KeepsEverythingThatWasInIt_AndMovesNothingBetweenTheOthers() =>
        Gen.Select(Gen.Double[0.1, 10].Array[2, 5], Gen.Int[0, 4], Gen.Double[1, 20], Gen.Long[1, 1000]).Sample(
            (weights, which, factor, trial) =>
            {
                var raised = which % weights.Length;
                var before = WithArms(weights, trial);
                var after = WithArms([.. weights.Select((weight, i) => i == raised ? weight * factor : weight)], trial);
                return Names(2_000).All(entity =>
                {
                    var (was, now) = (Of(before, "t", entity).Arm, Of(after, "t", entity).Arm);
                    return was == now || now == string.Create(CultureInfo.InvariantCulture, $"arm{raised}");
                });
            },
            iter: 200);

    [Fact]
    public void ATenantThatSticks_HasOneVersionForAllItsEntities_AndTenantsDiffer()
    {
        var entry = WithCanary(50, trial: 3, StickyBy.Tenant);
        var arms = Enumerable.Range(0, 400).Select(i =>
        {
            var tenant = string.Create(CultureInfo.InvariantCulture, $"tenant-{i}");
            return Assert.Single(Names(20).Select(entity => Of(entry, tenant, entity).Arm).Distinct());
        });

        AssertBinomial(arms.Count(arm => arm == "canary"), 400, 0.5);
    }

    [Fact]
    public void RequestsThatDoNotStick_AreDrawnOneByOne()
    {
        var entry = WithCanary(25, trial: 3, StickyBy.Request);
        var inside = Enumerable.Range(0, Entities).Count(ticket => Of(entry, "t", "e", (ulong)ticket).Arm == "canary");

        AssertBinomial(inside, Entities, 0.25);
    }

    [Fact]
    public void AnotherTrial_DividesTheSameEntitiesInAnotherWay()
    {
        var (one, two) = (WithCanary(50, trial: 1), WithCanary(50, trial: 2));
        var same = Names().Count(entity => Of(one, "t", entity).Arm == Of(two, "t", entity).Arm);

        AssertBinomial(same, Entities, 0.5);
    }

    [Fact]
    public void ThePlacesOfATrial_NeverChange()
    {
        // Stored trials depend on these: a version of Grid that divides otherwise would move entities in the middle of a trial.
        var trial = RolloutHash.TrialOf(s_model, 7);
        string[] units = [.. new[] { "a", "JFK", "ünïcode" }.Select(entity =>
            RolloutHash.Unit(RolloutHash.SubjectOf(trial, StickyBy.Entity, new RolloutSubject("t", entity, 0))).ToString("F6", CultureInfo.InvariantCulture))];

        Assert.Equal("0.390337 0.086239 0.420597", string.Join(' ', units));
    }

    private static Assignment Of(ModelEntry entry, string tenant, string entity, ulong ticket = 0) =>
        RolloutAssignment.Of(s_model, entry, new RolloutSubject(tenant, entity, ticket))!.Value;

    private static ModelEntry WithCanary(double share, long trial, StickyBy sticky = StickyBy.Entity) =>
        new("1", new Canary("2", share, sticky, IsAutomatic: false), Trial: trial);

    private static ModelEntry WithArms(double[] weights, long trial) => new(
        "1",
        Experiment: new Experiment([.. weights.Select((weight, i) => new RolloutArm(string.Create(CultureInfo.InvariantCulture, $"arm{i}"), "1", weight))], StickyBy.Entity),
        Trial: trial);

    private static IEnumerable<string> Names(int count = Entities) =>
        Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"entity-{i}"));

    /// <summary>Six standard deviations: one false alarm in some hundred million draws.</summary>
    private static void AssertBinomial(int count, int of, double p)
    {
        var bound = (6 * Math.Sqrt(of * p * (1 - p))) + 1;
        Assert.InRange(count, (of * p) - bound, (of * p) + bound);
    }
}
