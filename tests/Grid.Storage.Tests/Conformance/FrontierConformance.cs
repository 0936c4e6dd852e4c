using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>The frontiers: epochs, fencing, nothing goes back.</summary>
public abstract class FrontierConformance(IStoreBackend backend) : StoreConformance(backend)
{
    private static readonly SourcePartitionKey s_first = new("orders", 0);

    [Fact]
    public async Task FirstReader_GetsEpochOne_AndAnUndecidedStart()
    {
        var store = await OpenAsync();
        Assert.Null(await store.Frontiers.GetAsync(s_first, Token));
        var row = await store.Frontiers.TakeAsync(s_first, "a", Token);
        Assert.Equal((1L, "a", FrontierRow.Undecided, 0L), (row.Epoch, row.Reader, row.Frontier, row.Routing));
    }

    [Fact]
    public async Task StoredFrontier_SurvivesReopening_AndGoesToTheNextReader()
    {
        var store = await OpenAsync();
        var row = await store.Frontiers.TakeAsync(s_first, "a", Token);
        var written = row with { Frontier = 41, Routing = 2, RoutingStart = 30, Metadata = Blocks.Bytes("routings") };
        Assert.Equal(new FrontierOutcome(true, 1), await store.Frontiers.StoreAsync(written, Token));

        store = await ReopenAsync(store);
        var next = await store.Frontiers.TakeAsync(s_first, "b", Token);
        Assert.Equal((2L, "b", 41L, 2L, 30L, "routings"), (next.Epoch, next.Reader, next.Frontier, next.Routing, next.RoutingStart, Blocks.Text(next.Metadata)));
    }

    [Fact]
    public async Task OlderReader_CannotMoveTheFrontier_AndLearnsTheEpoch()
    {
        var store = await OpenAsync();
        var old = await store.Frontiers.TakeAsync(s_first, "a", Token);
        var current = await store.Frontiers.TakeAsync(s_first, "b", Token);
        await store.Frontiers.StoreAsync(current with { Frontier = 5 }, Token);

        Assert.Equal(new FrontierOutcome(false, 2), await store.Frontiers.StoreAsync(old with { Frontier = 100 }, Token));
        Assert.Equal(5, (await store.Frontiers.GetAsync(s_first, Token))!.Frontier);
    }

    [Fact]
    public async Task RowThatNobodyTook_CannotBeStored()
    {
        var store = await OpenAsync();
        Assert.Equal(new FrontierOutcome(false, 0), await store.Frontiers.StoreAsync(FrontierRow.First(s_first, "a"), Token));
        Assert.Null(await store.Frontiers.GetAsync(s_first, Token));
    }

    [Theory]
    [InlineData(9, 3)]
    [InlineData(10, 2)]
    public async Task FrontierOrRoutingThatGoesBack_IsRefused_AndChangesNothing(long frontier, long routing)
    {
        var store = await OpenAsync();
        var row = await store.Frontiers.TakeAsync(s_first, "a", Token) with { Frontier = 10, Routing = 3, RoutingStart = 7 };
        await store.Frontiers.StoreAsync(row, Token);

        var error = await Assert.ThrowsAsync<GridException>(() => store.Frontiers.StoreAsync(row with { Frontier = frontier, Routing = routing }, Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Equal((10L, 3L), (await store.Frontiers.GetAsync(s_first, Token)) is { } stored ? (stored.Frontier, stored.Routing) : default);
    }

    [Fact]
    public async Task RacingReaders_EachGetAnEpochOfTheirOwn_AndOneMayStore()
    {
        var store = await OpenAsync();
        var rows = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => store.Frontiers.TakeAsync(s_first, $"r{i}", Token)));
        Assert.Equal(Enumerable.Range(1, 16).Select(static e => (long)e), rows.Select(static r => r.Epoch).Order());

        var outcomes = await Task.WhenAll(rows.Select(row => store.Frontiers.StoreAsync(row with { Frontier = row.Epoch }, Token)));
        Assert.Equal(1, outcomes.Count(static o => o.IsStored));
        Assert.Equal(16, (await store.Frontiers.GetAsync(s_first, Token))!.Frontier);
    }

    [Fact]
    public async Task RowsOfAFeed_ComeByPartition_WithoutThoseOfOthers()
    {
        var store = await OpenAsync();
        foreach (var (feed, partition) in new[] { ("orders", 10), ("orders", 2), ("orders2", 0), ("orders", 0) })
        {
            await store.Frontiers.TakeAsync(new SourcePartitionKey(feed, partition), "a", Token);
        }

        Assert.Equal([0, 2, 10], (await store.Frontiers.ReadAsync("orders", Token)).Select(static r => r.Key.Partition));
    }

    [Theory]
    [InlineData("", 0, "a")]
    [InlineData("orders", -1, "a")]
    [InlineData("orders", 0, "")]
    public async Task TakingWhatHasNoName_IsRefusedAsAMistake(string feed, int partition, string reader)
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.Frontiers.TakeAsync(new SourcePartitionKey(feed, partition), reader, Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
    }
}
