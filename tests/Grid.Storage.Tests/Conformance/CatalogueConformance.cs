using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>The catalogue: compare-and-swap, revisions, reading changes.</summary>
public abstract class CatalogueConformance(IStoreBackend backend) : StoreConformance(backend)
{
    private static readonly CatalogueKey s_fraud = new("model", "default/fraud");

    [Fact]
    public async Task CreatedEntry_HasVersionAndRevisionOne_AndSurvivesReopening()
    {
        var store = await OpenAsync();
        var outcome = await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("v1"), Token);
        Assert.True(outcome.IsSwapped);
        Assert.Equal((1L, 1L), (outcome.Current!.Version, outcome.Current.Revision));

        store = await ReopenAsync(store);
        var entry = await store.Catalogue.GetAsync(s_fraud, Token);
        Assert.Equal((1L, 1L, "v1"), (entry!.Version, entry.Revision, Blocks.Text(entry.Body!.Value)));
    }

    [Fact]
    public async Task SwapOfAnotherVersion_IsRefusedWithTheEntryThatStands()
    {
        var store = await OpenAsync();
        await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("v1"), Token);
        var created = await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("other"), Token);
        Assert.False(created.IsSwapped);
        Assert.Equal("v1", Blocks.Text(created.Current!.Body!.Value));
        Assert.False((await store.Catalogue.SwapAsync(s_fraud, 2, Blocks.Bytes("other"), Token)).IsSwapped);
        Assert.Equal(1, (await store.Catalogue.ReadAsync(0, Token)).Revision);
    }

    [Fact]
    public async Task DeletedEntry_IsATombstone_AndItsVersionNeverComesBack()
    {
        var store = await OpenAsync();
        await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("v1"), Token);
        var deleted = await store.Catalogue.DeleteAsync(s_fraud, 1, Token);
        Assert.True(deleted.IsSwapped && deleted.Current!.IsDeleted);
        Assert.Null(await store.Catalogue.GetAsync(s_fraud, Token));
        Assert.Empty((await store.Catalogue.ReadAsync(0, Token)).Entries);
        Assert.True(Assert.Single((await store.Catalogue.ReadAsync(1, Token)).Entries).IsDeleted);

        Assert.False((await store.Catalogue.SwapAsync(s_fraud, 1, Blocks.Bytes("old holder"), Token)).IsSwapped);
        Assert.False((await store.Catalogue.DeleteAsync(s_fraud, 2, Token)).IsSwapped);
        var again = await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("v2"), Token);
        Assert.Equal((true, 3L, 3L), (again.IsSwapped, again.Current!.Version, again.Current.Revision));
    }

    [Fact]
    public async Task ReadSince_HasWhatChangedAfterThatRevisionInOrder()
    {
        var store = await OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await store.Catalogue.SwapAsync(new CatalogueKey("view", $"v{i}"), 0, Blocks.Bytes($"{i}"), Token);
        }

        await store.Catalogue.SwapAsync(new CatalogueKey("view", "v1"), 1, Blocks.Bytes("1b"), Token);
        var changes = await store.Catalogue.ReadAsync(3, Token);
        Assert.Equal((6L, false), (changes.Revision, changes.IsWhole));
        Assert.Equal(["v3", "v4", "v1"], changes.Entries.Select(static e => e.Key.Name));
        Assert.Empty((await store.Catalogue.ReadAsync(6, Token)).Entries);
    }

    [Fact]
    public async Task ReadSinceARevisionThatTheStoreNeverReached_IsTheWhole()
    {
        var store = await OpenAsync();
        await store.Catalogue.SwapAsync(s_fraud, 0, Blocks.Bytes("v1"), Token);
        var changes = await store.Catalogue.ReadAsync(17, Token);
        Assert.Equal((1L, true, 1), (changes.Revision, changes.IsWhole, changes.Entries.Count));
    }

    [Fact]
    public async Task RacingWriters_OneWinsEachVersion_AndRevisionsHaveNoGaps()
    {
        var store = await OpenAsync();
        const int writers = 4, rounds = 25;
        var wins = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var won = new List<CatalogueEntry>();
            for (var round = 0; round < rounds; round++)
            {
                var current = await store.Catalogue.GetAsync(s_fraud, Token);
                var outcome = await store.Catalogue.SwapAsync(s_fraud, current?.Version ?? 0, Blocks.Bytes($"{writer} {round}"), Token);
                if (outcome.IsSwapped)
                {
                    won.Add(outcome.Current!);
                }
            }

            return won;
        }));

        var all = wins.SelectMany(static w => w).OrderBy(static e => e.Revision).ToArray();
        Assert.Equal(Enumerable.Range(1, all.Length).Select(static r => (long)r), all.Select(static e => e.Revision));
        Assert.Equal(all.Select(static e => e.Revision), all.Select(static e => e.Version));
        Assert.Equal(all[^1].Body!.Value.ToArray(), (await store.Catalogue.GetAsync(s_fraud, Token))!.Body!.Value.ToArray());
    }

    [Fact]
    public async Task RevisionsSeenByAReader_NeverLackAnEntryBelowThem()
    {
        var store = await OpenAsync();
        var writes = Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.Catalogue.SwapAsync(new CatalogueKey("view", $"v{i}"), 0, Blocks.Bytes("x"), Token)));
        long seen = 0;
        while (seen < 100)
        {
            var changes = await store.Catalogue.ReadAsync(seen, Token);
            Assert.Equal(changes.Revision - seen, changes.Entries.Count);
            seen = changes.Revision;
        }

        await writes;
    }

    [Fact]
    public async Task EmptyBody_IsNoTombstone()
    {
        var store = await OpenAsync();
        await store.Catalogue.SwapAsync(s_fraud, 0, default, Token);
        Assert.Equal(0, (await store.Catalogue.GetAsync(s_fraud, Token))!.Body!.Value.Length);
    }

    [Theory]
    [InlineData("", "x", 0)]
    [InlineData("view", "", 0)]
    [InlineData("view", "x", -1)]
    public async Task SwapThatCanNeverWork_IsRefusedAsAMistake(string kind, string name, long version)
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.Catalogue.SwapAsync(new CatalogueKey(kind, name), version, Blocks.Bytes("x"), Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
    }
}
