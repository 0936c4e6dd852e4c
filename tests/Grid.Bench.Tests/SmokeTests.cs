using Grid.Bench.Entering;
using Grid.Bench.Healing;
using Grid.Bench.Ingestion;
using Grid.Bench.Measuring;
using Grid.Bench.Moving;
using Grid.Bench.Scheduling;
using Grid.Bench.Writing;
using Grid.TestKit.PostgreSql;

namespace Grid.Bench.Tests;

/// <summary>Each benchmark with tiny counts: that it runs to its end, not what it measures.</summary>
public sealed class SmokeTests
{
    private static readonly bool HasPostgreSql = PostgreSqlServer.FindPrograms() is not null;

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
        Assert.SkipUnless(HasPostgreSql, "PostgreSQL is missing");
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

    [Fact]
    public async Task Scheduling_KeepsTheDevicesOfEachNumberOfSilosAtWork()
    {
        Assert.SkipUnless(HasPostgreSql, "PostgreSQL is missing");
        var report = await SchedulingBenchmark.RunAsync(SchedulingSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.Equal(SchedulingSettings.Smoke.Silos.Count, report.Rows.Count);
        Assert.All(report.Rows, static row =>
        {
            // A device cannot do more than its time allows: it is in the way of every run.
            Assert.InRange(row.Figures["of the devices"], 0.01, 1.2);
            Assert.True(row.Figures["p50 ms"] >= SchedulingSettings.Smoke.DeviceMs * 0.9, row.Setting);
            Assert.Equal(0, row.Figures["errors"]);
        });
    }

    [Fact]
    public async Task Healing_FindsEveryWriteAgain()
    {
        Assert.SkipUnless(HasPostgreSql, "PostgreSQL is missing");
        var report = await HealingBenchmark.RunAsync(HealingSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.Equal(["kill -9", "SIGTERM"], report.Rows.Select(static row => row.Setting));
        Assert.All(report.Rows, static row =>
        {
            Assert.True(row.Figures["shards hit"] > 0 && row.Figures["writes acknowledged"] > 0, row.Setting);
            Assert.Equal((0, 0), (row.Figures["lost"], row.Figures["doubled"]));
        });
        Assert.Equal(0, report.Rows[1].Figures["their failed calls"] + report.Rows[1].Figures["others' failed calls"]);
    }

    [Fact]
    public async Task Remote_TimesBothWaysAndWhatPlacementTakes()
    {
        Assert.SkipUnless(HasPostgreSql, "PostgreSQL is missing");
        var report = await EnteringBenchmark.RunAsync(EnteringSettings.Smoke, TestContext.Current.SendDiagnosticMessage);
        Assert.All(report.Rows.Where(static row => row.Setting == "entry"), static row => Assert.True(row.Figures["p50 ms"] > 0, row.Contender));
        var load = Assert.Single(report.Rows, static row => row.Setting == "under load");
        Assert.True(load.Figures["sample ms/s"] > 0 && load.Figures["gossip ms/s"] > 0);
    }
}
