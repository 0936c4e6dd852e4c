using Grid.Bench.Ingestion;
using Grid.Bench.Measuring;
using Grid.Bench.Moving;
using Grid.Bench.Writing;

namespace Grid.Bench.Tests;

/// <summary>Each benchmark with tiny counts: that it runs to its end, not what it measures.</summary>
public sealed class SmokeTests
{
    private static readonly bool HasRedis = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server")));

    [Fact]
    public async Task Ingest_ConsumesEverythingWithEachContender()
    {
        Assert.SkipUnless(HasRedis, "redis-server is missing");
        var report = await IngestBenchmark.RunAsync(IngestSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.Equal(4, report.Rows.Count);
        Assert.All(report.Rows, static row => Assert.True(row.Figures["events/s"] > 0, row.Contender));
        Assert.True(report.Rows[0].Figures["log rows/event"] > 0);
        Assert.NotEmpty(report.Aims);
    }

    [Fact]
    public async Task Moves_TimesEachMove()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "PostgreSQL is missing");
        var report = await MoveBenchmark.RunAsync(MoveSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        var row = Assert.Single(report.Rows);
        Assert.True(row.Figures["pause p50 ms"] > 0 && row.Figures["move p50 ms"] > 0);
    }

    [Fact]
    public async Task Freshness_TimesEachProbe()
    {
        var report = await FreshnessBenchmark.RunAsync(FreshnessSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.Equal(2, report.Rows.Count);
        Assert.All(report.Rows, static row => Assert.True(row.Figures["p50 ms"] > 0, row.Contender));
        Assert.True(Assert.Single(report.Aims).Value > 0);
    }

    [Fact]
    public async Task Writes_AreMadeByBothContenders()
    {
        var report = await WriteBenchmark.RunAsync(WriteSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.Equal(2, report.Rows.Count);
        Assert.All(report.Rows, static row => Assert.True(row.Figures["writes/s"] > 0, row.Contender));
        Assert.Equal(2, report.Aims.Count);
    }
}
