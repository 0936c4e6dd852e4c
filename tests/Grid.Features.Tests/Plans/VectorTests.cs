using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Tests.Flights;
using Grid.Primitives;

namespace Grid.Features.Tests.Plans;

public sealed class VectorTests
{
    [Fact]
    public void AVector_KnowsItsColumns()
    {
        var vector = FlightsData.Plan.BindVector(["local_hour", "origin.dep_1h", "route.gap_min", "local_hour", "dow"]);

        Assert.Equal(5, vector.Count);
        Assert.Equal(["local_hour", "dow"], vector.RequestNames);
        Assert.Equal("dest", vector.EntityField);
        Assert.Equal(["origin", "route"], vector.Views.Select(static v => v.Name).Order());
        Assert.False(FlightsData.Plan.BindVector(["origin.dep_1h"]).NeedsEntity);
    }

    [Fact]
    public void UnknownNames_AreAllNamedAtOnce()
    {
        var error = Assert.Throws<GridException>(() => FlightsData.Plan.BindVector([VectorColumn.Feature("origin.dep_2h"), VectorColumn.Feature("airport.n"), VectorColumn.Feature("nodot"), VectorColumn.Feature("origin.n_1h")], "model 'm'"));

        Assert.Equal(3, error.Errors.Length);
        Assert.Equal(GridErrorCode.NotFound, error.Code);
        Assert.All(error.Errors, static e => Assert.StartsWith("model 'm' column[", e.Target, StringComparison.Ordinal));
        Assert.All(error.Errors, static e => Assert.NotNull(e.Fix));
        Assert.Throws<GridException>(() => FlightsData.Plan.BindVector(Array.Empty<string>()));
        Assert.Throws<GridException>(() => FeaturePlan.Empty.BindVector(["a.b"]));
    }

    [Fact]
    public void ViewsOfDifferentEntities_DoNotMix()
    {
        var route = FlightsData.Plan.FindView("route")!.Definition;
        var plan = FeaturePlan.Compile([
            route,
            route with
            {
                Name = "carrier",
                Entity = "carrier",
                EventSchemas = route.EventSchemas.ToDictionary(static e => e.Key, static e => (IReadOnlyDictionary<string, FieldKind>)new Dictionary<string, FieldKind>(e.Value) { ["carrier"] = FieldKind.Text }),
            },
        ]);
        var error = Assert.Throws<GridException>(() => plan.BindVector(["route.n_7d", "carrier.n_7d"]));

        Assert.Contains("carrier (carrier)", error.Message, StringComparison.Ordinal);
        Assert.Contains("route (dest)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFingerprint_FollowsColumnsAndMeaning_NotTheRestOfTheViews()
    {
        var origin = FlightsData.Plan.FindView("origin")!.Definition;
        string[] columns = ["hour", "origin.dep_1h", "origin.late_7d"];
        Digest Of(FeatureViewDefinition view, params string[] names) => FeaturePlan.Compile([view]).BindVector(names).Fingerprint;
        var fingerprint = Of(origin, columns);

        Assert.Equal(fingerprint, Of(origin with { Features = [.. origin.Features.Where(static f => f.Name is "dep_1h" or "late_7d")] }, columns));
        Assert.NotEqual(fingerprint, Of(origin, "hour", "origin.late_7d", "origin.dep_1h"));
        Assert.NotEqual(fingerprint, Of(origin, "minute", "origin.dep_1h", "origin.late_7d"));
        Assert.NotEqual(fingerprint, Of(origin with { Features = [.. origin.Features.Select(static f => f.Name == "late_7d" ? f with { Where = "delay_min >= 20" } : f)] }, columns));
        Assert.NotEqual(
            FlightsData.Plan.BindVector([VectorColumn.Request("x")]).Fingerprint,
            FlightsData.Plan.BindVector([VectorColumn.Request("x", 1)]).Fingerprint);
    }

    [Fact]
    public void ViewsThatAreNotValid_DoNotCompile()
    {
        var route = FlightsData.Plan.FindView("route")!.Definition;
        var error = Assert.Throws<GridException>(() => FeaturePlan.Compile([route with { Bound = 15 }, route with { Entity = null }]));

        Assert.Equal(3, error.Errors.Length);
        Assert.Contains(error.Errors, static e => e.Target == "views#route.windows.bound");
        Assert.Contains(error.Errors, static e => e.Target == "views#route.view" && e.Message.Contains("two views", StringComparison.Ordinal));
        Assert.Contains(error.Errors, static e => e.Target == "views#route.entity");
    }

    [Fact]
    public void AFieldOfTwoKinds_IsNamed()
    {
        var route = FlightsData.Plan.FindView("route")!.Definition;
        var other = new FeatureViewDefinition
        {
            Name = "other",
            Scope = ViewScope.Tenant,
            EventSchemas = new Dictionary<string, IReadOnlyDictionary<string, FieldKind>> { ["arrival"] = new Dictionary<string, FieldKind> { ["delay_min"] = FieldKind.Text } },
            Features = [new FeatureDefinition { Name = "n", Event = "arrival", Aggregate = AggregateKind.Count }],
        };
        var error = Assert.Single(ViewValidator.Validate([route, other]));

        Assert.Equal("views#other.events.arrival.delay_min", error.Target);
        Assert.Contains("is text here and number in view 'route'", error.Message, StringComparison.Ordinal);
    }
}
