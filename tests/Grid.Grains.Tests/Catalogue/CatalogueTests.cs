using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Tests.Catalogue;

/// <summary>Two writers of one entry: one wins, and the revisions count every change once.</summary>
public sealed class CatalogueTests(SharedGrid shared) : IClassFixture<SharedGrid>
{
    [Fact]
    public async Task TwoCreationsOfOneTenant_WithOtherShardCounts_HaveOneWinner()
    {
        var before = await RevisionAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(shards => AttemptAsync(() => shared.Client.Tenants.CreateAsync("contended", shards).AsTask())));

        var winner = Assert.Single(outcomes, outcome => outcome.Error is null).Value!;
        Assert.All(outcomes.Where(outcome => outcome.Error is not null), outcome => Assert.Equal(GridErrorCode.AlreadyExists, outcome.Error!.Code));
        Assert.Equal(winner, await shared.Client.Tenants.GetAsync("contended"));
        Assert.Equal(winner, await shared.Client.Tenants.CreateAsync("contended", winner.Shards));
        Assert.Equal(before + 1, await RevisionAsync());
    }

    [Fact]
    public async Task SwapsThatReadTheSameVersion_HaveOneWinner_AndTheCopyShowsIt()
    {
        // Past the actor, as a second holder of it would.
        var writer = shared.Grid.Service<CatalogueWriter>();
        var before = await RevisionAsync();
        var swaps = await Task.WhenAll(Enumerable.Range(1, 8).Select(shards => writer.SwapAsync(
            CatalogueKinds.Tenant, "default/raced", 0, new TenantEntry(shards, 0), CatalogueJson.Default.TenantEntry, CancellationToken.None)));

        var won = Assert.Single(swaps, swap => swap is not null)!;
        Assert.Equal(before + 1, won.Revision);
        var shards = 1 + Array.IndexOf(swaps, won);
        Assert.Equal(shards, shared.Grid.Service<CatalogueReplica>().Current.Tenants["default/raced"].Entry.Shards);
        Assert.Equal(before + 1, await RevisionAsync());
    }

    [Fact]
    public async Task ViewsAppliedAtOnce_AreAppliedWhole_OneAfterTheOther_WithoutGapsInTheRevisions()
    {
        var client = shared.Grid.Silo.Client("views-race");
        var before = await RevisionAsync();
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            AttemptAsync(() => client.Views.ApplyAsync(TestViews.Card.Replace("view: card", $"view: card{i}", StringComparison.Ordinal)).AsTask())));

        var won = applied.Where(outcome => outcome.Error is null).Select(outcome => outcome.Value!).ToArray();
        Assert.All(applied.Where(outcome => outcome.Error is not null), outcome => Assert.Equal(GridErrorCode.Conflict, outcome.Error!.Code));
        Assert.NotEmpty(won);
        var views = await client.Views.GetAsync();
        Assert.Equal(won.Length, views.Views.Length);
        Assert.Equal(won.SelectMany(info => info.Changed).Order(StringComparer.Ordinal), views.Views.Select(name => $"+ {name}"));

        // Each apply stores its generation and then puts it in force: two revisions, and nobody else's between are lost.
        var changes = await shared.Grid.Service<ICatalogueStore>().ReadAsync(before, CancellationToken.None);
        Assert.Equal(before + (won.Length * 2), changes.Revision);
        Assert.Equal(changes.Entries.Select(entry => entry.Revision).Distinct().Count(), changes.Entries.Count);
    }

    [Fact]
    public async Task TheSameViewsAgain_AndADryRun_ChangeNothing()
    {
        var client = shared.Grid.Silo.Client("views-same");
        var first = await client.Views.ApplyAsync(TestViews.Card);
        var again = await client.Views.ApplyAsync(TestViews.Card);
        var dry = await client.Views.ApplyAsync(TestViews.CardWithMax, dryRun: true);

        Assert.Equal(["+ card"], first.Changed);
        Assert.Empty(again.Changed);
        Assert.Equal(["~ card"], dry.Changed);
        Assert.Equal((first.Generation, first.Revision), (again.Generation, again.Revision));
        Assert.Equal(first.Generation, (await client.Views.GetAsync()).Generation);
    }

    [Fact]
    public async Task AnAddedView_KeepsTheRecords_AndStartsEmpty()
    {
        await using var grid = await TestGrid.StartAsync();
        await grid.Client.Tenants.CreateAsync("t");
        await Buys.AppendAsync(grid.Client, "t", Buys.Push("k1", "a", 5));
        await grid.Client.Views.ApplyAsync(TestViews.Shop);

        Assert.Equal([1f, 5f], await Buys.ReadAsync(grid.Client, "t", "a"));
        await Buys.AppendAsync(grid.Client, "t", Buys.Push("k2", "a", 6));
        Assert.Equal([2f, 11f], await Buys.ReadAsync(grid.Client, "t", "a"));
        Assert.Equal([1f], (await grid.Client.ReadFeaturesAsync("t", "shop", "a")).Values.AsEnumerable());
        Assert.Equal([EventVerdict.Duplicate], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k1", "a", 5)));
    }

    private async Task<long> RevisionAsync() => (await shared.Grid.Service<CatalogueReplica>().PullAsync(CancellationToken.None)).Revision;

    private static async Task<(T? Value, GridError? Error)> AttemptAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return (await call(), null);
        }
        catch (GridException e)
        {
            return (null, e.Error);
        }
    }
}
