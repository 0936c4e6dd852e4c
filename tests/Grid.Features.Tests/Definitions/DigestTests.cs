using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Tests.Flights;

namespace Grid.Features.Tests.Definitions;

public sealed class DigestTests
{
    private const string Yaml = """
        view: item
        description: one
        entity: id
        events: { buy: { id: text, amount: number, colour: text }, look: { id: text } }
        features:
          - { name: a, event: buy, aggregate: mean, field: amount, where: amount > 1 and colour == 'red', clamp: [0, 9], window: 1h, default: 2 }
          - { name: b, event: buy, aggregate: time_since_last, cap: 5 }
          - { name: c, aggregate: ratio, of: [a, b] }
        """;

    public static TheoryData<string, string> SameMeaning => new()
    {
        { "description: one", "description: two" },
        { "description: one", "# a comment" },
        { "window: 1h", "window: 60m" },
        { "window: 1h", "window: 3600s" },
        { "amount > 1 and colour == 'red'", "\"colour=='red'   and amount>1.0\"" },
        { "entity: id", "entity: id\npartition: id" },
        { "entity: id", "scope: entity\nentity: id\nclock: arrival\nlateness: 1h" },
        { "clamp: [0, 9]", "clamp: [0.0, 9e0]" },
        { "cap: 5", "cap: 5, unit: s, default: 5" },
        { "events: { buy: { id: text, amount: number, colour: text }, look: { id: text } }", "events: { look: { id: text }, buy: { colour: text, amount: number, id: text } }" },
        { "entity: id", "entity: id\nwindows: { bound: 4096, form: exact }" },
    };

    public static TheoryData<string, string> OtherMeaning => new()
    {
        { "view: item", "view: items" },
        { "window: 1h", "window: 2h" },
        { "amount > 1", "amount >= 1" },
        { "amount > 1", "amount > 1.5" },
        { "'red'", "'Red'" },
        { "clamp: [0, 9]", "clamp: [0, 8]" },
        { "default: 2", "default: nan" },
        { "cap: 5", "cap: 6, default: 5" },
        { "cap: 5", "cap: 5, unit: min" },
        { "aggregate: mean", "aggregate: sum" },
        { "of: [a, b]", "of: [b, a]" },
        { "aggregate: ratio", "aggregate: difference" },
        { "entity: id", "entity: id\npartition: colour2" },
        { "entity: id", "entity: id\nclock: event" },
        { "entity: id", "entity: id\nlateness: 2h" },
        { "entity: id", "entity: id\ntime_to_live: 2h" },
        { "entity: id", "entity: id\nwindows: { bound: 64 }" },
        { "look: { id: text }", "look: { id: text, extra: bool }" },
    };

    [Theory]
    [MemberData(nameof(SameMeaning))]
    public void WhatDoesNotChangeTheMeaning_KeepsTheDigest(string from, string to) => Assert.Equal(Of(Yaml), Of(Replace(from, to)));

    [Theory]
    [MemberData(nameof(OtherMeaning))]
    public void WhatChangesTheMeaning_ChangesTheDigest(string from, string to) => Assert.NotEqual(Of(Yaml), Of(Replace(from, to)));

    [Fact]
    public void TheOrderOfFeaturesAndViews_DoesNotMatter()
    {
        var view = ViewYaml.Parse(Yaml, "item.yaml")[0];
        var turned = view with { Features = [.. view.Features.Reverse()] };
        var other = view with { Name = "other" };

        Assert.Equal(view.Digest, turned.Digest);
        Assert.Equal(FeaturePlan.Compile([view, other]).Generation, FeaturePlan.Compile([other, turned]).Generation);
        Assert.NotEqual(FeaturePlan.Compile([view]).Generation, FeaturePlan.Compile([view, other]).Generation);
        Assert.False(FeaturePlan.Empty.Generation.IsEmpty);
    }

    [Fact]
    public void TheFlightsGeneration_IsPinned()
    {
        // Stored state names it: a change here orphans every stored shard.
        Assert.StartsWith(FlightsData.PinnedGeneration, FlightsData.Plan.Generation.ToString(), StringComparison.Ordinal);
    }

    private static string Of(string yaml) => ViewYaml.Parse(yaml, "item.yaml")[0].Digest.ToString();

    private static string Replace(string from, string to)
    {
        Assert.Contains(from, Yaml, StringComparison.Ordinal);
        var text = Yaml.Replace(from, to, StringComparison.Ordinal);
        return to.Contains("colour2", StringComparison.Ordinal) ? text.Replace("colour2", "mall", StringComparison.Ordinal).Replace("id: text", "id: text, mall: text", StringComparison.Ordinal) : text;
    }
}
