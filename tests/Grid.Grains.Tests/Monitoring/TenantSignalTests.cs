using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Tests.Rollouts;
using Grid.Grains.Tests.Support;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Sketches;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>From predictions of several tenants to a signal that names the one behind it: nothing but the public door is used.</summary>
public sealed class TenantSignalTests
{
    private const string Model = "score";
    private const string Drifting = "t3";
    private const int Tenants = 6;
    private const int RowsATenant = 100;

    private const string Policy = "monitoring: { window_minutes: 60, min_rows: 100, min_effective_samples: 20, raise_after: 1, feature_threshold: 0.1, output_threshold: 0.1 }";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task TheTenantThatDrifts_IsNamed_AndComesThroughTheDoor()
    {
        await using var grid = await StartAsync();

        // Tensors have no time but now, and so no place among the hours of events, whoever comes first.
        await grid.Client.InferAsync(Model, [Primitives.Tensor.Create<float>("x", Primitives.TensorElementType.FP32, [500, 2], new float[1000])]);
        await HourAsync(grid, 0);
        await MarkAsync(grid, 1);
        var opened = await SignalAsync(grid, static s => s.Type == "feature-drift");
        Assert.Equal(("amount", "psi", "open"), (opened.Column, opened.Statistic, opened.Status));

        // It is open, so from now on tenants are looked at: the next hour tells who it is.
        Assert.Null(opened.Tenants);
        await HourAsync(grid, 1);
        await MarkAsync(grid, 2);
        foreach (var (type, column) in ((string, string)[])[("feature-drift", "amount"), ("prediction-drift", "y")])
        {
            await NamedAsync(grid, type, column);
        }

        // What is stored is what the next silo shows.
        await grid.RestartAsync();
        await NamedAsync(grid, "feature-drift", "amount");
    }

    private static async Task NamedAsync(TestGrid grid, string type, string column)
    {
        var named = await SignalAsync(grid, s => s.Type == type && s.Column == column && s.Tenants is not null);
        var tenant = Assert.Single(named.Tenants!);
        Assert.Equal((Drifting, "psi", (long)RowsATenant), (tenant.Tenant, tenant.Statistic, tenant.Samples));
        Assert.InRange(tenant.Share, 0.16, 0.17);
        Assert.True(tenant.Value > named.Value && tenant.Without < named.Threshold, $"{tenant}");
    }

    private static async Task<SignalInfo> SignalAsync(TestGrid grid, Func<SignalInfo, bool> isWanted) => (await MonitorCalls.UntilAsync(
        async () => (await grid.Client.Signals.ListAsync(Model, withCleared: false, TestContext.Current.CancellationToken)).FirstOrDefault(isWanted),
        static s => s is not null))!;

    private static async Task HourAsync(TestGrid grid, int hour)
    {
        for (var t = 0; t < Tenants; t++)
        {
            // Each number once, in an order that does not repeat itself; or all the same.
            var items = Enumerable.Range(0, RowsATenant).Select(i => new PredictItem($"card-{i}", new RequestValues(["amount"], [$"t{t}" == Drifting ? 0.95f : i * 37 % RowsATenant / (float)RowsATenant])));
            var answers = await grid.Client.PredictManyAsync(Model, $"t{t}", [.. items], Start.AddHours(hour).AddMinutes(t));
            Assert.All(answers, static a => Assert.Null(a.Error));
        }
    }

    /// <summary>A prediction of the hour after, by which the one before is over.</summary>
    private static async Task MarkAsync(TestGrid grid, int hour) => await grid.Client.PredictAsync(Model, "t0", "card-0", new RequestValues(["amount"], [0.5f]), Start.AddHours(hour).AddMinutes(1));

    private static async Task<TestGrid> StartAsync()
    {
        var grid = await TestGrid.StartAsync(static options => options.Monitoring.Period = TimeSpan.FromMilliseconds(100), $"{TestViews.Card}\nclock: event");
        for (var t = 0; t < Tenants; t++)
        {
            await grid.Client.Tenants.CreateAsync($"t{t}", 1);
        }

        using var folder = new TempFolder();
        TrialGrid.Write(folder.Path, 1, Policy);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "baseline.json"), Trained().ToJson());
        await grid.Client.Models.PushAsync(Model, "1", folder.Path, makeLive: true);
        return grid;
    }

    private static Baseline Trained()
    {
        var seen = new SketchSet(SketchLayout.Unbinned(["amount"], ["y"]));
        for (var i = 0; i < 5000; i++)
        {
            var amount = i * 37 % 100 / 100f;
            seen.AddRow([amount, amount], []);
        }

        return Baseline.Learn(seen) with { Provisional = false };
    }
}
