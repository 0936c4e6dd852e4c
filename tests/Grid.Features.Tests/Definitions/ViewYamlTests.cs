using CsCheck;
using Grid.Features.Definitions;
using Grid.Features.Tests.Flights;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Definitions;

public sealed class ViewYamlTests
{
    [Fact]
    public void TheFlightsSample_ParsesAsItStands()
    {
        var views = ViewYaml.Parse(FlightsData.ViewsYaml, "flights.yaml");

        Assert.Equal(["origin", "route"], views.Select(static v => v.Name));
        var origin = views[0];
        Assert.Equal("What the airport has seen lately.", origin.Description);
        Assert.Equal((ViewScope.Tenant, ViewClock.Event, 32_768, (string?)null), (origin.Scope, origin.Clock, origin.Bound, origin.Entity));
        Assert.Equal(TimeSpan.FromDays(7), origin.ResolvedLateness);
        Assert.Equal(12, origin.Features.Count);
        Assert.Equal(new FeatureDefinition { Name = "gap_min", Event = "departure", Aggregate = AggregateKind.TimeSinceLast, Unit = TimeUnit.Minute, Cap = 1440 }, origin.Features[2]);
        Assert.Equal(new FeatureDefinition { Name = "delay_7d", Event = "arrival", Aggregate = AggregateKind.Mean, Field = "delay_min", Clamp = new ClampRange(-60, 300), Window = TimeSpan.FromDays(7) }, origin.Features[11]);
        Assert.Equal("dest", views[1].Entity);
    }

    [Theory]
    [InlineData("flights")]
    [InlineData("model")]
    [InlineData("odd")]
    public void WrittenViews_ParseToEqualOnes(string which)
    {
        var views = which switch
        {
            "flights" => ViewYaml.Parse(FlightsData.ViewsYaml, "flights.yaml"),
            "model" => ModelViews.Definitions,
            _ => [Odd()],
        };
        var text = ViewYaml.Write(views);
        var again = ViewYaml.Parse(text, "again.yaml");

        Assert.Equal(views, again);
        Assert.Equal(views.Select(static v => v.Features.AsEnumerable()), again.Select(static v => v.Features.AsEnumerable()));
        Assert.Equal(text, ViewYaml.Write(again));
    }

    [Fact]
    public void Descriptions_OfAnyText_ComeBack() => Gen.String.Sample(static text =>
    {
        // YAML has no lone surrogates and no other noncharacters either.
        text = new string([.. text.Where(static c => !char.IsSurrogate(c) && c < '\ufffe')]);
        var view = Odd() with { Description = text.Length == 0 ? null : text };
        Assert.Equal(view, Assert.Single(ViewYaml.Parse(ViewYaml.Write([view]), "any.yaml")));
    }, iter: 300);

    [Fact]
    public void AllMistakes_AreReportedAtOnce_WithPathAndFix()
    {
        var error = Assert.Throws<GridException>(() => ViewYaml.Parse("""
            view: origin
            colour: red
            scope: galaxy
            clock: sundial
            lateness: 5 weeks
            events:
              arrival: { dest: string, delay_min: number }
              2bad/name: { "x y": text }
            features:
              - { name: a, event: arrival, aggregate: median, window: 1h }
              - { name: a, event: arrival, aggregate: count, window: 1hour }
              - { name: b.c, event: departure, aggregate: sum, window: 0s }
              - { name: d, event: arrival, aggregate: mean, field: delay, clamp: [5, 1] }
              - { name: e, event: arrival, aggregate: count, where: delay_min => 5, cap: 3 }
              - { name: f, event: arrival, aggregate: share }
              - { name: g, event: arrival, aggregate: time_since_last, unit: week }
              - { name: h, aggregate: ratio, of: [a, zzz], window: 1h }
              - { name: i, event: arrival, aggregate: min, field: delay_min, where: delay_min == 'x' and nothing > 1, windw: 1h }
              - { event: arrival, aggregate: count, default: .inf }
              - just a text
            windows: { form: tumbling, bound: 2.5 }
            ---
            view: request
            entity: dest
            events: { arrival: { dest: text, delay_min: text } }
            features: []
            windows: { bound: 3 }
            ---
            - a list
            ---
            entity: [x]
            events: {}
            features: {}
            """, "flights.yaml"));

        Assert.All(error.Errors, static e => Assert.False(string.IsNullOrEmpty(e.Fix)));
        Assert.All(error.Errors, static e => Assert.StartsWith("flights.yaml#", e.Target, StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(Repository.PathOf("tests", "Grid.Features.Tests", "Definitions", "mistakes.golden.txt")), string.Concat(error.Errors.Select(static e => $"{e}\n")));
    }

    [Theory]
    [InlineData("view: [", "bad.yaml:")]
    [InlineData("view: a\nview: b\n", "bad.yaml:2:")]
    [InlineData("a: &x 1\nb: *x\n", "bad.yaml:2:4")]
    [InlineData("view: a\n  indented: b\n", "bad.yaml:")]
    [InlineData("[}", "bad.yaml")]
    [InlineData("", "bad.yaml")]
    [InlineData("# nothing\n", "bad.yaml")]
    public void WhatIsNoYaml_IsNamedByLineAndColumn(string text, string place)
    {
        var error = Assert.Throws<GridException>(() => ViewYaml.Parse(text, "bad.yaml")).Error;
        Assert.StartsWith(place, error.Target, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public void DeepAndLongTexts_AreRefused_NotFollowed()
    {
        var deep = Assert.Throws<GridException>(() => ViewYaml.Parse(new string('[', 200_000), "deep.yaml"));
        Assert.Contains("16 levels", deep.Message, StringComparison.Ordinal);
        var blocks = string.Concat(Enumerable.Range(0, 1_000).Select(static i => $"{new string(' ', i)}- \n"));
        Assert.Throws<GridException>(() => ViewYaml.Parse(blocks, "deep.yaml"));
        Assert.Equal(GridErrorCode.TooLarge, Assert.Throws<GridException>(() => ViewYaml.Parse(new string('#', 2_000_000), "long.yaml")).Code);
    }

    [Fact]
    public void AnyText_ParsesOrIsRefused() => Gen.Char["view:entityscope{}[],&*!|>'\"%@`#\n\t -.0159"].Array[0, 80].Sample(static text =>
    {
        try
        {
            ViewYaml.Parse(new string(text), "any.yaml");
        }
        catch (GridException e)
        {
            Assert.NotEmpty(e.Errors);
        }
    }, iter: 2_000);

    private static FeatureViewDefinition Odd() => new()
    {
        Name = "null",
        Description = "A \"quoted\" text: with # and\nlines, 'single' and \\ and \u0007.",
        Entity = "yes",
        PartitionKey = "no",
        Lateness = TimeSpan.FromMilliseconds(1_500),
        TimeToLive = TimeSpan.FromDays(30),
        Bound = 16,
        EventSchemas = new Dictionary<string, IReadOnlyDictionary<string, FieldKind>>
        {
            ["1.5"] = new Dictionary<string, FieldKind> { ["yes"] = FieldKind.Text, ["no"] = FieldKind.Text, ["on"] = FieldKind.Bool, ["x"] = FieldKind.Number },
        },
        Features =
        [
            new FeatureDefinition { Name = "on", Event = "1.5", Aggregate = AggregateKind.Last, Field = "x", Where = "no != 'it''s' and on == true and x >= -1.5e-3", Default = double.NaN },
            new FeatureDefinition { Name = "off", Event = "1.5", Aggregate = AggregateKind.TimeSinceLast, Unit = TimeUnit.Day, Default = -1 },
            new FeatureDefinition { Name = "d", Aggregate = AggregateKind.Difference, Of = new FeaturePair("on", "off") },
        ],
    };
}
