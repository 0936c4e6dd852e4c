using System.Text.Json;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Signals;

public sealed class SignalBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Sinks = ["log", "webhook:a"];

    [Fact]
    public void ASignal_IsToldWhenItOpens_GetsWorse_IsSeenAndClears_AndNotBetween()
    {
        var book = new SignalBook();
        var opened = book.Apply(Signal(0), Sinks)!;
        Assert.Null(book.Apply(Signal(0), Sinks));
        book.Apply(Signal(1), Sinks);
        book.Apply(Signal(2) with { Severity = SignalSeverity.Critical }, Sinks);
        var seen = book.Acknowledge(opened.Id, "ann", Now.AddHours(3), Sinks)!;
        Assert.Same(seen, book.Acknowledge(opened.Id, "bob", Now.AddHours(4), Sinks));
        var updated = book.Apply(Signal(5), Sinks)!;
        Assert.Equal((SignalStatus.Acknowledged, "ann", SignalSeverity.Critical, opened.Id), (updated.Status, updated.AcknowledgedBy, updated.Severity, updated.Id));
        var cleared = book.Apply(Signal(6) with { Status = SignalStatus.Cleared }, Sinks)!;
        Assert.Equal((opened.Id, "ann"), (cleared.Id, cleared.AcknowledgedBy));
        Assert.Null(book.Apply(Signal(7) with { Status = SignalStatus.Cleared }, Sinks));
        Assert.Null(book.Acknowledge(opened.Id, "ann", Now, Sinks));
        Assert.Equal(
            [(SignalStatus.Open, SignalSeverity.Warning), (SignalStatus.Open, SignalSeverity.Critical), (SignalStatus.Acknowledged, SignalSeverity.Critical), (SignalStatus.Cleared, SignalSeverity.Warning)],
            book.Outbox.Pending.Select(static p => (p.Item.Status, p.Item.Severity)));
        Assert.Empty(book.Open);
        Assert.Single(book.Cleared);
    }

    [Fact]
    public void AnEvent_WaitsForEachOfItsSinks_AndForNoneThatIsGone()
    {
        var book = new SignalBook();
        book.Apply(Signal(0), Sinks);
        book.Apply(Signal(1) with { Status = SignalStatus.Cleared }, Sinks);
        book.Outbox.Delivered("log", [1, 2]);
        book.Outbox.Delivered("log", [1]);
        Assert.Equal([("webhook:a", 1L), ("webhook:a", 2L)], book.Outbox.Pending.Select(static p => (Assert.Single(p.Sinks), p.Number)));
        book.Outbox.BeginSave();
        book.Outbox.Delivered("webhook:a", [2]);
        Assert.True(book.Outbox.IsDirty);
        book.Outbox.BeginSave();
        book.Outbox.Keep(["log"]);
        Assert.True(book.Outbox.IsDirty);
        book.Outbox.BeginSave();
        book.Outbox.Keep(["log"]);
        Assert.False(book.Outbox.IsDirty);
        Assert.Empty(book.Outbox.Pending);
    }

    [Fact]
    public void ABook_ComesBackWhole()
    {
        var book = new SignalBook();
        book.Apply(Signal(0) with { Digest = default, Because = ["x@1"], DataSet = new SignalDataSet("m", null, Now, 7), Explanation = "why" }, Sinks);
        book.Apply(Signal(0, "q"), Sinks);
        book.Apply(Signal(1, "q") with { Status = SignalStatus.Cleared }, Sinks);
        book.Outbox.Delivered("log", [1]);
        var read = SignalBook.Load(book.Save());
        Assert.Equal(book.Save().GetRawText(), read.Save().GetRawText());
        Assert.Equal(["x@1"], Assert.Single(read.Open).Because);
        read.Apply(Signal(9, "z"), Sinks);
        Assert.Equal(4, read.Outbox.Pending.Last().Number);
    }

    [Fact]
    public void AnEvent_CountsAsSaved_OnceTheSaveThatHasItIsOver()
    {
        var book = new SignalBook();
        book.Apply(Signal(0, "a"), Sinks);
        book.Outbox.BeginSave();
        book.Apply(Signal(0, "b"), Sinks);
        Assert.Equal((0L, true), (book.Outbox.Saved, book.Outbox.IsDirty));
        book.Outbox.EndSave();
        Assert.Equal((1L, true), (book.Outbox.Saved, book.Outbox.IsDirty));
        Assert.Equal(2, SignalBook.Load(book.Save()).Outbox.Saved);
    }

    [Fact]
    public void ABookOfAnEarlierBuild_IsRead()
    {
        const string Told = """
            {"type":"prediction-drift","severity":"warning","status":"open","version":{"workspace":"default","model":"m","version":"1","modelKey":{"workspace":"default","model":"m"}},"digest":{"hex":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","isEmpty":false},"evidence":{"column":"p","statistic":"psi","value":0.3,"threshold":0.1,"p":1E-09,"samples":5000,"effectiveSamples":4000,"from":"2026-02-28T23:00:00+00:00","to":"2026-03-01T00:00:00+00:00"},"provisionalReference":false,"openedAt":"2026-03-01T00:00:00+00:00","updatedAt":"2026-03-01T00:00:00+00:00","because":[],"dedupeKey":"default/m/1/PredictionDrift/p/psi/-","id":"default/m/1/PredictionDrift/p/psi/-@1772323200000","isDataQuality":false}
            """;
        const string Stored = $$"""{"format":1,"open":[{{Told}}],"cleared":[],"pending":[{"number":7,"signal":{{Told}},"sinks":["webhook:a"]}],"number":7,"dropped":3}""";
        using var document = JsonDocument.Parse(Stored);
        var book = SignalBook.Load(document.RootElement);
        var pending = Assert.Single(book.Outbox.Pending);
        Assert.Equal((7L, "p", "webhook:a"), (pending.Number, pending.Item.Evidence.Column, Assert.Single(pending.Sinks)));
        Assert.Equal((7L, 7L, 3L), (book.Outbox.Number, book.Outbox.Saved, book.Outbox.Dropped));
        Assert.Equal(pending.Item.DedupeKey, Assert.Single(book.Open).DedupeKey);
    }

    [Fact]
    public void ASinkThatTakesNothing_LosesItsOldest_AndNobodyElses()
    {
        var book = new SignalBook();
        book.Apply(Signal(0, "keep"), ["log"]);
        for (var i = 0; i < Outbox<Signal>.MaximumPending + 5; i++)
        {
            book.Apply(Signal(i, $"c{i}"), ["webhook:a"]);
        }

        Assert.Equal((Outbox<Signal>.MaximumPending, 6L), (book.Outbox.Pending.Count, book.Outbox.Dropped));
        Assert.Equal("keep", book.Outbox.Pending.First().Item.Evidence.Column);
        Assert.Equal("c6", book.Outbox.Pending.Skip(1).First().Item.Evidence.Column);
    }

    [Fact]
    public void WhoCarriesASignal_IsNewsOnce()
    {
        var book = new SignalBook();
        var signal = Signal(0);
        book.Apply(signal, Sinks);
        book.Apply(With(1), Sinks);
        book.Apply(With(2, new SignalTenant("t", "psi", 0.9, 1e-9, 500, 400, 0.1, 0.05)), Sinks);
        book.Apply(With(3, new SignalTenant("u", "psi", 0.9, 1e-9, 500, 400, 0.1, 0.05)), Sinks);
        Assert.Equal([null, "t"], book.Outbox.Pending.Select(static p => p.Item.Evidence.Tenants?.Single().Tenant));
        var read = SignalBook.Load(book.Save());
        Assert.Equal("u", Assert.Single(Assert.Single(read.Open).Evidence.Tenants!).Tenant);
        Assert.Equal(book.Save().GetRawText(), read.Save().GetRawText());

        Signal With(int hour, params SignalTenant[] tenants)
        {
            var next = Signal(hour);
            return next with { Evidence = next.Evidence with { Tenants = tenants } };
        }
    }

    private static Signal Signal(int hour, string column = "p") => new()
    {
        Type = SignalType.PredictionDrift,
        Severity = SignalSeverity.Warning,
        Status = SignalStatus.Open,
        Version = new VersionKey("default", "m", "1"),
        Digest = Digest.Of("x"u8),
        OpenedAt = Now.AddHours(hour),
        UpdatedAt = Now.AddHours(hour),
        Evidence = new SignalEvidence(column, "psi", 0.3, null, 0.1, 1e-9, 5000, 4000, Now.AddHours(hour - 1), Now.AddHours(hour)),
    };
}
