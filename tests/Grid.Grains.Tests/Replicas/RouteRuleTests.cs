using System.Net;
using Grid.Grains.Replicas;
using Grid.Inference.Manifests;
using Orleans.Runtime;

namespace Grid.Grains.Tests.Replicas;

/// <summary>Where a request goes that finds no replica in its own silo.</summary>
public sealed class RouteRuleTests
{
    private const string Version = "default/m/1";

    private static readonly ManifestReplicas s_one = new() { Max = 1 };

    [Fact]
    public void VersionThatSaysNothing_IsLoadedWhereItIsAsked_AndElsewhereWhereThatFails()
    {
        var route = Of(null, null, "a", Silo("a"), Silo("b"), Silo("c"));

        Assert.Equal("a", route[0]);
        Assert.Equal(["b", "c"], route[1..].Order());
    }

    [Fact]
    public void VersionWithoutAMaximum_IsLoadedWhereItIsAsked_UnlessALabelIsMissing()
    {
        Assert.Equal("a", Of(new ManifestReplicas { IdleMinutes = 1 }, ["b"], "a", Silo("a"), Silo("b"))[0]);
        Assert.Equal(["b"], Of(new ManifestReplicas { Requires = ["gpu"] }, ["b"], "a", Silo("a"), Silo("b") with { Labels = ["gpu"] }));
    }

    [Fact]
    public void VersionWithAMaximum_IsAskedOfItsReplicas_ThoseOfTheZoneFirst()
    {
        var silos = new[] { Silo("a"), Silo("b") with { Zone = "far" }, Silo("c") with { Zone = "far" }, Silo("d"), Silo("e") with { Zone = "far" } };

        var route = Of(s_one with { Max = 3 }, ["b", "d", "e"], "a", silos);
        Assert.Equal("d", route[0]);
        Assert.Equal(["b", "e"], route[1..3].Order());
        Assert.Equal("d", Of(s_one, ["d"], "d", silos)[0]);
    }

    [Fact]
    public void SilentReplica_IsAskedLast_AndALeavingOneAfterThoseThatStay()
    {
        var silos = new[] { Silo("a"), Silo("b") with { IsSilent = true }, Silo("c") with { IsLeaving = true }, Silo("d") };

        Assert.Equal(["d", "c"], Of(s_one, ["c", "d"], "a", silos)[..2]);
        var route = Of(s_one, ["b"], "a", silos);
        Assert.Equal("b", route[^1]);
        Assert.Equal(["a", "d"], route[..^1].Order());
    }

    [Fact]
    public void WhereNobodyHasIt_AllSilosAgreeOnTheOneThatLoadsIt()
    {
        var silos = new[] { Silo("a"), Silo("b"), Silo("c"), Silo("d") with { IsLeaving = true } };

        var first = Assert.Single(silos.Select(silo => Of(s_one, [], silo.Name, silos)[0]).Distinct());
        Assert.NotEqual("d", first);
        var without = silos.Where(silo => silo.Name != first).ToArray();
        Assert.Single(without.Select(silo => Of(s_one, [first], silo.Name, without)[0]).Distinct());
    }

    [Fact]
    public void NoSiloThatMayHoldIt_IsNoRoute() => Assert.Empty(Of(s_one with { Requires = ["gpu"] }, [], "a", Silo("a"), Silo("b")));

    [Fact]
    public void Route_IsBounded()
    {
        var silos = Enumerable.Range(0, 50).Select(static i => Silo($"s{i}")).ToArray();

        Assert.Equal(RouteRule.MostStops, Of(s_one, [], "s0", silos).Length);
    }

    private static string[] Of(ManifestReplicas? terms, string[]? wanted, string self, params RouteSilo[] silos) =>
        [.. RouteRule.Of(Version, terms, wanted, silos, AddressOf(self)).Select(address => silos.Single(silo => silo.Address.Equals(address)).Name)];

    private static RouteSilo Silo(string name) => new(AddressOf(name), name, "near", [], IsLeaving: false, IsSilent: false);

    private static SiloAddress AddressOf(string name) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + name.Sum(static c => c * 7)), name.Length > 1 ? int.Parse(name[1..], null) + 1 : 1);
}
