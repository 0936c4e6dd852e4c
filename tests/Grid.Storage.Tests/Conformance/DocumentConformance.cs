using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Documents: compare-and-swap of several at once, pages, and who wants to be woken.</summary>
public abstract class DocumentConformance(IStoreBackend backend) : StoreConformance(backend)
{
    private static readonly DocumentKey s_a = new("signals", "default/a");
    private static readonly DocumentKey s_b = new("monitor", "default/a/1");

    [Fact]
    public async Task Documents_AreReplacedTogether_AndSurviveReopening()
    {
        var store = await OpenAsync();
        Assert.Null(await store.Documents.GetAsync(s_a, Token));
        Assert.True(await SwapAsync(store, Set(s_a, 0, "a1", dueMs: 5), Set(s_b, 0, "b1")));
        Assert.True(await SwapAsync(store, Set(s_a, 1, "a2"), Set(s_b, 1, "")));

        store = await ReopenAsync(store);
        var a = await store.Documents.GetAsync(s_a, Token);
        Assert.Equal((2L, null, "a2"), (a!.Version, a.DueMs, Blocks.Text(a.Body)));
        Assert.Equal((2L, ""), ((await store.Documents.GetAsync(s_b, Token))!.Version, Blocks.Text((await store.Documents.GetAsync(s_b, Token))!.Body)));
    }

    [Fact]
    public async Task OneThatExpectsAnotherVersion_LeavesAllAsTheyWere()
    {
        var store = await OpenAsync();
        await SwapAsync(store, Set(s_a, 0, "a1"), Set(s_b, 0, "b1"));
        foreach (var wrong in (long[])[0, 2])
        {
            Assert.False(await SwapAsync(store, Set(s_a, wrong, "other"), Set(s_b, 1, "other")));
            Assert.False(await SwapAsync(store, Set(s_a, 1, "other"), Set(s_b, wrong, "other")));
        }

        Assert.False(await SwapAsync(store, new DocumentSwap(s_a, 2, null, null), Set(s_b, 1, "other")));
        Assert.Equal((1L, "a1"), await ReadAsync(store, s_a));
        Assert.Equal((1L, "b1"), await ReadAsync(store, s_b));
    }

    [Fact]
    public async Task ARemovedDocument_IsGone_AndItsNameIsFree()
    {
        var store = await OpenAsync();
        await SwapAsync(store, Set(s_a, 0, "a1", dueMs: 1));
        Assert.True(await SwapAsync(store, new DocumentSwap(s_a, 1, null, null)));
        Assert.Null(await store.Documents.GetAsync(s_a, Token));
        Assert.Empty(await store.Documents.DueAsync("signals", 100, 10, Token));
        Assert.True(await SwapAsync(store, Set(s_a, 0, "again")));
    }

    [Fact]
    public async Task Pages_HaveOneKindAndPrefix_InTheOrderOfNames()
    {
        var store = await OpenAsync();
        foreach (var name in (string[])["w/c", "w/a", "x/a", "w/b", @"w\%_"])
        {
            await SwapAsync(store, Set(new DocumentKey("signals", name), 0, name));
        }

        await SwapAsync(store, Set(new DocumentKey("other", "w/d"), 0, "d"));
        var first = await store.Documents.ListAsync("signals", "w/", "", 2, Token);
        var second = await store.Documents.ListAsync("signals", "w/", first[^1].Key.Name, 2, Token);
        Assert.Equal(["w/a", "w/b", "w/c"], first.Concat(second).Select(static d => d.Key.Name));
        Assert.Equal(5, (await store.Documents.ListAsync("signals", "", "", 10, Token)).Count);
    }

    [Fact]
    public async Task Due_AreThoseWhoseTimeHasCome_TheLongestOverdueFirst()
    {
        var store = await OpenAsync();
        foreach (var (name, due) in ((string, long?)[])[("late", 10), ("later", 20), ("ahead", 31), ("never", null)])
        {
            await SwapAsync(store, Set(new DocumentKey("signals", name), 0, name, due));
        }

        Assert.Equal(["late", "later"], await store.Documents.DueAsync("signals", 30, 10, Token));
        Assert.Equal(["late"], await store.Documents.DueAsync("signals", 30, 1, Token));
        Assert.Empty(await store.Documents.DueAsync("monitor", 30, 10, Token));
    }

    [Fact]
    public async Task ManyAtOnce_OfOneDocument_LetOneThrough()
    {
        var store = await OpenAsync();
        await SwapAsync(store, Set(s_a, 0, "a"));
        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SwapAsync(store, Set(s_a, 1, $"{i}"), Set(new DocumentKey("monitor", $"{i}"), 0, "x"))));
        Assert.Single(won, static w => w);
        Assert.Single(await store.Documents.ListAsync("monitor", "", "", 100, Token));
    }

    [Fact]
    public async Task WrongCalls_AreRefusedByName()
    {
        var store = await OpenAsync();
        DocumentSwap[][] wrong = [[], [Set(s_a, -1, "a")], [new DocumentSwap(s_a, 0, null, null)], [Set(s_a, 0, "a"), Set(s_a, 0, "b")], [Set(new DocumentKey("", "x"), 0, "a")]];
        foreach (var swaps in wrong)
        {
            var error = await Assert.ThrowsAsync<GridException>(() => store.Documents.SwapAsync(swaps, Token));
            Assert.Equal(GridErrorCode.InvalidArgument, error.Error.Code);
        }

        await Assert.ThrowsAsync<GridException>(() => store.Documents.ListAsync("signals", "", "", 0, Token));
    }

    private static DocumentSwap Set(DocumentKey key, long expected, string body, long? dueMs = null) => new(key, expected, dueMs, Blocks.Bytes(body));

    private static Task<bool> SwapAsync(IGridStore store, params DocumentSwap[] swaps) => store.Documents.SwapAsync(swaps, Token);

    private static async Task<(long, string)> ReadAsync(IGridStore store, DocumentKey key) =>
        await store.Documents.GetAsync(key, Token) is { } d ? (d.Version, Blocks.Text(d.Body)) : (0, "");
}
