using Grid.Abstractions;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Gossip;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Balancing;

/// <summary>The balancer of a silo that is alone: it has nowhere to move anything, and says why everything is where it is.</summary>
public sealed class BalancerTests : IAsyncLifetime
{
    private const string Model = "flights-late";

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    private TestGrid _grid = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(
            static options => options.Balancer.Mode = BalanceMode.Off,
            await File.ReadAllTextAsync(Path.Combine(Repository.Flights, "views", "flights.yaml"), Token));
        await _grid.Client.Tenants.CreateAsync("acme", 2, Token);
        await _grid.Client.Models.PushAsync(Model, "1", Path.Combine(Repository.Flights, "models", Model, "1"), makeLive: true, Token);
        await _grid.Client.PredictAsync(Model, "acme", "JFK", s_values, cancellationToken: Token);
    }

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task Off_LooksOnlyWhenAsked()
    {
        var before = await _grid.Client.Cluster.GetBalanceAsync(Token);
        Assert.Equal((0L, BalanceMode.Off), (before.AtMs, before.Mode));

        var look = await _grid.Client.Cluster.RebalanceAsync(isDryRun: true, Token);
        Assert.True(look.IsDryRun && look.AtMs > 0, look.ToString());
        var silo = Assert.Single(look.Silos);
        Assert.Equal(1, silo.Shards);
        Assert.True(silo.UsedCores > 0 && silo.CapacityCores >= 1);
        Assert.Empty(look.Decisions);
        Assert.Equal(1, look.Locality);
        Assert.Equal(look.AtMs, (await _grid.Client.Cluster.GetBalanceAsync(Token)).AtMs);
    }

    [Theory]
    [InlineData("acme/{0}")]
    [InlineData("default/acme/{0}")]
    [InlineData("shard:acme/{0}")]
    public async Task Shard_IsWhereItDrawsHighest(string form)
    {
        var shard = ShardHash.ShardOf("JFK", 2);
        var explanation = await _grid.Client.Cluster.ExplainAsync(string.Format(null, form, shard), Token);

        Assert.Equal(("shard", $"default/acme/{shard}"), (explanation.Kind, explanation.Subject));
        var place = Assert.Single(explanation.Places);
        Assert.True(place.IsHere && place.Score > 0, place.ToString());
        Assert.Contains("draws highest", explanation.Summary, StringComparison.Ordinal);
        Assert.Empty(explanation.Decisions);
    }

    [Fact]
    public async Task Version_IsWhereItIsLoaded()
    {
        var explanation = await _grid.Client.Cluster.ExplainAsync("version:flights-late/1", Token);

        Assert.Equal(("version", "default/flights-late/1"), (explanation.Kind, explanation.Subject));
        Assert.True(Assert.Single(explanation.Places).IsHere);
        Assert.Contains(explanation.Figures, static f => f is { Name: "replica", Unit: "bytes", Value: > 0 });
    }

    [Theory]
    [InlineData("acme/2", GridErrorCode.NotFound)]
    [InlineData("nobody/0", GridErrorCode.NotFound)]
    [InlineData("version:acme/0", GridErrorCode.NotFound)]
    [InlineData("flights-late/9", GridErrorCode.NotFound)]
    [InlineData("17", GridErrorCode.NotFound)]
    [InlineData("acme", GridErrorCode.InvalidArgument)]
    [InlineData("a/b/c/d", GridErrorCode.InvalidArgument)]
    [InlineData("silo:acme/0", GridErrorCode.InvalidArgument)]
    [InlineData("", GridErrorCode.InvalidArgument)]
    public async Task WhatIsNotThere_IsRefusedByName(string subject, GridErrorCode code)
    {
        var error = await Assert.ThrowsAsync<GridException>(async () => await _grid.Client.Cluster.ExplainAsync(subject, Token));

        Assert.Equal(code, error.Code);
        Assert.Contains(subject, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NameOfATenantAndAModel_MustBeToldApart()
    {
        await _grid.Client.Tenants.CreateAsync(Model, 2, Token);

        var error = await Assert.ThrowsAsync<GridException>(async () => await _grid.Client.Cluster.ExplainAsync($"{Model}/1", Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"version:{Model}/1", error.Message, StringComparison.Ordinal);
        Assert.Equal("version", (await _grid.Client.Cluster.ExplainAsync($"version:{Model}/1", Token)).Kind);
        Assert.Equal("shard", (await _grid.Client.Cluster.ExplainAsync($"shard:{Model}/1", Token)).Kind);
    }

    [Fact]
    public void Holder_IsTheSameForAllWhoSeeTheSameSilos()
    {
        var view = _grid.Service<ClusterView>();
        Assert.Equal(view.Local, BalancerKeeper.Holder(view.Takers()));
        Assert.Null(BalancerKeeper.Holder([]));
    }
}
