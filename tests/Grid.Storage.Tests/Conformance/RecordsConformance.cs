using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Dead letters and outcomes.</summary>
public abstract class RecordsConformance(IStoreBackend backend) : StoreConformance(backend)
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task DeadLetter_IsKeptOnce_WhoeverSendsItAgain()
    {
        var store = await OpenAsync();
        var letter = Letter("acme", "7");
        Assert.Equal(2, await store.DeadLetters.AddAsync([letter, Letter("acme", "8"), letter], Token));
        Assert.Equal(0, await store.DeadLetters.AddAsync([letter], Token));

        store = await ReopenAsync(store);
        var read = await store.DeadLetters.ReadAsync("default", "acme", 0, 10, Token);
        Assert.Equal(["7", "8"], read.Select(static l => l.Letter.Position));
        Assert.Equal(letter with { Payload = default }, read[0].Letter with { Payload = default });
        Assert.Equal("bytes", Blocks.Text(read[0].Letter.Payload));
    }

    [Fact]
    public async Task DeadLetters_AreReadByTenantAndPage()
    {
        var store = await OpenAsync();
        await store.DeadLetters.AddAsync([.. Enumerable.Range(0, 5).Select(static i => Letter(i == 2 ? "other" : "acme", $"{i}"))], Token);
        var first = await store.DeadLetters.ReadAsync("default", "acme", 0, 3, Token);
        var second = await store.DeadLetters.ReadAsync("default", "acme", first[^1].Id, 3, Token);
        Assert.Equal(["0", "1", "3", "4"], first.Concat(second).Select(static l => l.Letter.Position));
        Assert.Equal("2", Assert.Single(await store.DeadLetters.ReadAsync("default", "other", 0, 3, Token)).Letter.Position);
    }

    [Fact]
    public async Task DeadLetterWithoutIdentity_IsRefusedByIndex_AndNoneIsAdded()
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.DeadLetters.AddAsync([Letter("acme", "1"), Letter("acme", "")], Token));
        Assert.Contains("letters[1]", error.Message, StringComparison.Ordinal);
        Assert.Empty(await store.DeadLetters.ReadAsync("default", "acme", 0, 3, Token));
    }

    [Fact]
    public async Task Outcome_IsRecordedThenDuplicateThenCorrected()
    {
        var store = await OpenAsync();
        var late = new OutcomeRecord("p1", "flights", "LAX", s_noon, 1, s_noon.AddHours(2));
        var verdicts = await store.Outcomes.ReportAsync("default", "acme", [late, late, late with { Value = 0 }, late with { Value = 0 }], Token);
        Assert.Equal([OutcomeVerdict.Recorded, OutcomeVerdict.Duplicate, OutcomeVerdict.Corrected, OutcomeVerdict.Duplicate], verdicts);

        store = await ReopenAsync(store);
        var stored = Assert.Single(await ReadAllAsync(store, "flights"));
        Assert.Equal((late with { Value = 0 }, 1), (stored.Record, stored.Corrections));
    }

    [Fact]
    public async Task OutcomeWithoutId_IsNamedByModelEntityAndTime()
    {
        var store = await OpenAsync();
        var outcome = new OutcomeRecord(null, "flights", "LAX", s_noon, 1, s_noon);
        var verdicts = await store.Outcomes.ReportAsync(
            "default",
            "acme",
            [outcome, outcome, outcome with { Entity = "JFK" }, outcome with { Model = "other" }, outcome with { Time = s_noon.AddTicks(10) }, outcome with { PredictionId = "p" }],
            Token);
        Assert.Equal([OutcomeVerdict.Recorded, OutcomeVerdict.Duplicate, .. Enumerable.Repeat(OutcomeVerdict.Recorded, 4)], verdicts);
        Assert.Equal(OutcomeVerdict.Recorded, (await store.Outcomes.ReportAsync("default", "tenant-b", [outcome], Token))[0]);
    }

    [Fact]
    public async Task OutcomeForAnIdOfAnotherModel_ChangesNothing()
    {
        var store = await OpenAsync();
        var outcome = new OutcomeRecord("p1", "flights", "LAX", s_noon, 1, s_noon);
        var verdicts = await store.Outcomes.ReportAsync("default", "acme", [outcome, outcome with { Model = "other", Value = 0 }], Token);
        Assert.Equal([OutcomeVerdict.Recorded, OutcomeVerdict.Mismatched], verdicts);
        Assert.Equal(1, Assert.Single(await ReadAllAsync(store, "flights")).Record.Value);
    }

    [Fact]
    public async Task WrongOutcomes_AreAllNamedByIndex_AndNoneIsRecorded()
    {
        var store = await OpenAsync();
        var outcome = new OutcomeRecord("p1", "flights", "LAX", s_noon, 1, s_noon);
        var error = await Assert.ThrowsAsync<GridException>(() => store.Outcomes.ReportAsync(
            "default",
            "acme",
            [outcome, outcome with { Value = double.NaN }, outcome with { PredictionId = null, Entity = "" }, outcome with { Model = "" }],
            Token));
        Assert.Equal(["outcomes[1].value", "outcomes[2]", "outcomes[3].model"], error.Errors.Select(static e => e.Target));
        Assert.Empty(await ReadAllAsync(store, "flights"));
    }

    [Fact]
    public async Task Outcomes_AreReadByTimeRangeInPages()
    {
        var store = await OpenAsync();
        var records = Enumerable.Range(0, 20).Select(static i => new OutcomeRecord($"p{i}", "flights", "LAX", s_noon.AddMinutes(i * 7 % 10), i, s_noon)).ToArray();
        await store.Outcomes.ReportAsync("default", "acme", records, Token);

        var read = new List<StoredOutcome>();
        IReadOnlyList<StoredOutcome> page;
        do
        {
            page = await store.Outcomes.ReadAsync("default", "acme", "flights", s_noon.AddMinutes(2), s_noon.AddMinutes(8), read.LastOrDefault(), 5, Token);
            read.AddRange(page);
        }
        while (page.Count > 0);

        var expected = records.Where(static r => r.Time >= s_noon.AddMinutes(2) && r.Time < s_noon.AddMinutes(8)).OrderBy(static r => r.Time);
        Assert.Equal(expected, read.Select(static o => o.Record));
    }

    [Fact]
    public async Task ErasedOutcomes_AreThoseOfTheEntityOrTheTenant_AndNoOthers()
    {
        var store = await OpenAsync();
        OutcomeRecord By(string? id, string entity, int minute) => new(id, "flights", entity, s_noon.AddMinutes(minute), 1, s_noon);
        OutcomeRecord[] all = [By("p1", "LAX", 1), By(null, "LAX", 2), By("p3", "", 3), By("p4", "JFK", 4), By(null, @"L\AX", 5)];
        foreach (var (workspace, tenant) in ((string, string)[])[("default", "acme"), ("default", "other"), ("second", "acme")])
        {
            await store.Outcomes.ReportAsync(workspace, tenant, all, Token);
        }

        Assert.Equal(2, await store.Outcomes.EraseAsync("default", "acme", "LAX", Token));
        Assert.Equal(0, await store.Outcomes.EraseAsync("default", "acme", "LAX", Token));
        Assert.Equal(["p3", "p4", null], await IdsAsync("default", "acme"));
        Assert.Equal(1, await store.Outcomes.EraseByIdAsync("default", "acme", ["p1", "p3", "unknown"], Token));
        Assert.Equal(1, await store.Outcomes.EraseAsync("default", "acme", @"L\AX", Token));
        Assert.Equal(["p4"], await IdsAsync("default", "acme"));

        // What was erased may come anew.
        Assert.Equal([OutcomeVerdict.Recorded], await store.Outcomes.ReportAsync("default", "acme", [all[0]], Token));
        store = await ReopenAsync(store);
        Assert.Equal(2, await store.Outcomes.EraseAsync("default", "acme", null, Token));
        Assert.Empty(await IdsAsync("default", "acme"));
        Assert.Equal(5, (await IdsAsync("default", "other")).Count);
        Assert.Equal(5, (await IdsAsync("second", "acme")).Count);
        Assert.Equal(GridErrorCode.InvalidArgument, (await Assert.ThrowsAsync<GridException>(() => store.Outcomes.EraseAsync("default", "acme", "", Token))).Code);

        async Task<List<string?>> IdsAsync(string workspace, string tenant) =>
            [.. (await store.Outcomes.ReadAsync(workspace, tenant, "flights", s_noon, s_noon.AddDays(1), null, 100, Token)).Select(static o => o.Record.PredictionId)];
    }

    [Fact]
    public async Task MoreOutcomesThanOneTransactionRemoves_AreAllErased()
    {
        var store = await OpenAsync();
        await store.Outcomes.ReportAsync("default", "acme", [.. Enumerable.Range(0, OutcomeChecks.EraseRows + 3).Select(static i => new OutcomeRecord($"p{i}", "flights", "LAX", s_noon, i, s_noon))], Token);
        Assert.Equal(OutcomeChecks.EraseRows + 3, await store.Outcomes.EraseAsync("default", "acme", "LAX", Token));
        Assert.Empty(await ReadAllAsync(store, "flights"));
    }

    private static Task<IReadOnlyList<StoredOutcome>> ReadAllAsync(IGridStore store, string model) =>
        store.Outcomes.ReadAsync("default", "acme", model, DateTimeOffset.UnixEpoch, s_noon.AddYears(1), null, 100, Token);

    private static DeadLetter Letter(string tenant, string position) =>
        new("default", tenant, 3, "orders#4", position, "late", "2 days too late", Blocks.Bytes("bytes"), s_noon);
}
