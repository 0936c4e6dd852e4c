using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Inference.Manifests;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Windows;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>Real weeks of 2001 through the actor: what version 1 of the flights model saw and answered, week by week.</summary>
public sealed class FlightWeeksTests
{
    private const string Model = "flights-late";
    private static readonly DateTimeOffset FirstStormWeek = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 14)]
    public async Task StormsOfFebruary_RaiseThroughTheActor_AndNothingBefore_AlsoWhereASiloRestartsEachWeek(int raiseAfter, int daysAfterTheStormBegan)
    {
        await using var grid = await StartAsync(raiseAfter);
        SignalInfo? raised = null;
        foreach (var week in Weeks())
        {
            await ReportAsync(grid, week, times: 2);
            if (raised is null && (await grid.SignalsAsync()).FirstOrDefault(static s => s.Type == "prediction-drift") is { } first)
            {
                raised = first;
                Assert.True(first.P < 1e-9 && first.Value > first.Threshold && first.Status == "open");
            }

            if (raiseAfter == 1 && week.Sketches.From < FirstStormWeek.AddDays(21))
            {
                await grid.RestartAsync();
            }
        }

        var signals = await grid.SignalsAsync();
        Assert.Equal(raised!.Id, signals.First(static s => s.Type == "prediction-drift").Id);
        Assert.Equal(FirstStormWeek.AddDays(daysAfterTheStormBegan), DateTimeOffset.FromUnixTimeMilliseconds(raised.OpenedMs));
        Assert.Equal(("psi", "prediction", "1", "default"), (raised.Statistic, raised.Column, raised.Version, raised.Workspace));
        Assert.DoesNotContain(signals, static s => s.Column is "o_late_7d" or "o_n_7d" or "o_dep_24h");
        Assert.DoesNotContain(signals, static s => s.Type is "missing-values" or "out-of-range" or "new-categories" or "not-finite-values");
    }

    [Fact]
    public async Task TheSameReportAgain_ChangesNothing_AlsoAfterARestart()
    {
        await using var grid = await StartAsync(1);
        var weeks = Weeks();
        await ReportAsync(grid, weeks[0], times: 1);
        var before = (await grid.Monitor(Model).GetAsync()).Versions.Single();
        await ReportAsync(grid, weeks[0], times: 3);
        Assert.Equal(before.OpenRows, (await grid.Monitor(Model).GetAsync()).Versions.Single().OpenRows);
        await grid.RestartAsync();
        await ReportAsync(grid, weeks[0], times: 1);
        var after = (await grid.Monitor(Model).GetAsync()).Versions.Single();
        Assert.Equal((before.OpenRows, 0L, "training"), (after.OpenRows, after.LateRows, after.Baseline));
        Assert.Equal(weeks[0].Sketches.Total.Rows, after.OpenRows);
    }

    [Fact]
    public async Task ReportsUnderAnotherLayout_AreNotTaken_AndOnesOfAnUnknownVersionAskForItsLayout()
    {
        await using var grid = await StartAsync(1);
        var monitor = grid.Monitor(Model);
        Assert.Equal(0UL, (await monitor.MergeAsync(Report("1", 5, []))).Fingerprint);
        var layout = await monitor.GetLayoutAsync("1", Columns());
        var reply = await monitor.MergeAsync(Report("1", layout.Fingerprint + 1, [Weeks()[0].Sketches.ToBytes()]));
        Assert.Equal((layout.Fingerprint, 0), (reply.Fingerprint, reply.Done));
        await Assert.ThrowsAsync<Primitives.GridException>(() => monitor.GetLayoutAsync("9", Columns()));
    }

    internal static async Task<TestGrid> StartAsync(int raiseAfter, Action<Silo.Hosting.GridSiloOptions>? configure = null)
    {
        var grid = await TestGrid.StartAsync(
            options =>
            {
                options.Monitoring.Drift = new MonitorOptions { Window = TimeSpan.FromDays(7), RaiseAfter = raiseAfter };
                configure?.Invoke(options);
            },
            views: null);
        await grid.Client.Models.PushAsync(Model, "1", Path.Combine(Repository.Flights, "models", Model, "1"), makeLive: true);
        return grid;
    }

    internal static async Task ReportAsync(TestGrid grid, (SketchDelta Sketches, PerformanceDelta Performance) week, int times, string model = Model, string version = "1")
    {
        var layout = await grid.Monitor(model).GetLayoutAsync(version, Columns());
        for (var i = 0; i < times; i++)
        {
            var reply = await grid.Monitor(model).MergeAsync(Report(version, layout.Fingerprint, [week.Sketches.ToBytes()]));
            Assert.Equal(1, reply.Done);
        }
    }

    internal static IReadOnlyList<(SketchDelta Sketches, PerformanceDelta Performance)> Weeks()
    {
        var layout = Baseline.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "flights-baseline.json"))).Layout();
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "flights-weekly.bin")));
        var weeks = new List<(SketchDelta, PerformanceDelta)>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            weeks.Add((SketchDelta.FromBytes(reader.ReadBytes(reader.ReadInt32()), layout), PerformanceDelta.FromBytes(reader.ReadBytes(reader.ReadInt32()))));
        }

        return weeks;
    }

    private static MonitorReport Report(string version, ulong fingerprint, byte[][] deltas) => new("silo", 1, version, fingerprint, "", deltas, default, [], []);

    internal static MonitorColumns Columns()
    {
        var manifest = ModelManifest.Parse(File.ReadAllText(Path.Combine(Repository.Flights, "models", Model, "1", "model.yaml")));
        return new MonitorColumns([.. manifest.Inputs[0].Columns.Select(static c => c.View is { } view ? $"{view}.{c.Name}" : c.Name)], ["p_late"], IsEventClock: true);
    }
}
