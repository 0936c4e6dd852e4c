using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Tests.Rollouts;
using Grid.Inference.Hosting;
using Grid.Monitoring.Load;
using Grid.Monitoring.Windows;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>From a prediction to its model's monitor.</summary>
public sealed class FeedTests
{
    [Fact]
    public async Task EveryAnswer_ReachesTheMonitor_OnesAndMany_OverARestart()
    {
        await using var trial = await StartAsync();
        for (var i = 0; i < 40; i++)
        {
            await trial.PredictAsync();
        }

        await trial.Grid.Client.PredictManyAsync(TrialGrid.Model, "t", [.. Enumerable.Range(0, 60).Select(static i => new PredictItem(TrialGrid.Entity(i), new RequestValues(["amount"], [i])))]);
        var version = await RowsAsync(trial, 100);
        Assert.Equal(("1", "learning", 0L), (version.Version, version.Baseline, version.LateRows));

        await trial.Grid.RestartAsync();
        await trial.PredictAsync();
        Assert.Equal(101, (await RowsAsync(trial, 101)).OpenRows);
    }

    [Fact]
    public async Task AVersionWithoutABaseline_LearnsAProvisionalOne_AndIsSketchedUnderIt()
    {
        await using var trial = await StartAsync(options =>
        {
            options.Monitoring.Drift = new MonitorOptions { Window = TimeSpan.FromMinutes(1), Grace = TimeSpan.Zero, MinimumRows = 50, ProvisionalRows = 500 };
        });
        for (var i = 0; i < 10; i++)
        {
            await trial.Grid.Client.PredictManyAsync(TrialGrid.Model, "t", [.. Enumerable.Range(0, 60).Select(i => new PredictItem(TrialGrid.Entity(i), new RequestValues(["amount"], [i])))]);
        }

        var monitor = trial.Grid.Monitor(TrialGrid.Model);
        var learned = await MonitorCalls.UntilAsync(monitor.GetAsync, static s => s.Versions is [{ Baseline: "provisional" }]);

        // What is on its way when the layout changes is left out; what comes after it is not.
        await MonitorCalls.UntilAsync(
            async () =>
            {
                await trial.PredictAsync();
                return await monitor.GetAsync();
            },
            static s => s.Versions is [{ OpenRows: > 0 }]);
        Assert.Equal(0, learned.OpenSignals);
    }

    [Fact]
    public async Task AVersionThatFails_IsASignal_AndWhatCallersDoWrongIsNot()
    {
        var isBroken = false;
        var faults = new FaultPoints
        {
            BeforeRun = (_, _) =>
            {
                if (Volatile.Read(ref isBroken))
                {
                    throw new InvalidOperationException("broken");
                }
            },
        };
        await using var trial = await StartAsync(options => options.Monitoring.Load = new LoadOptions { Window = TimeSpan.FromSeconds(10), MinimumRequests = 20 }, faults);
        for (var i = 0; i < 100; i++)
        {
            var wrong = await trial.Grid.Client.PredictManyAsync(TrialGrid.Model, "t", [new PredictItem("card", new RequestValues(["nonsense"], [1]))]);
            Assert.NotNull(wrong[0].Error);
        }

        Volatile.Write(ref isBroken, true);
        var signals = await MonitorCalls.UntilAsync(
            async () =>
            {
                await trial.Grid.Client.PredictManyAsync(TrialGrid.Model, "t", [.. Enumerable.Range(0, 10).Select(static i => new PredictItem(TrialGrid.Entity(i), new RequestValues(["amount"], [i])))]);
                return await trial.Grid.SignalsAsync();
            },
            static signals => signals.Count > 0);
        var failing = Assert.Single(signals);
        Assert.Equal(("failing", "critical", "open", 1.0), (failing.Type, failing.Severity, failing.Status, failing.Value));
    }

    [Fact]
    public async Task RequestsByTensors_AreRowsOfTheSameWindow()
    {
        await using var trial = await StartAsync();
        await InferAsync(trial, 40);
        Assert.Equal(40, (await RowsAsync(trial, 40)).OpenRows);

        // Those of entities are of the same columns.
        await trial.PredictAsync();
        Assert.Equal(41, (await RowsAsync(trial, 41)).OpenRows);
        await InferAsync(trial, 9);
        Assert.Equal(50, (await RowsAsync(trial, 50)).OpenRows);

        // A version that nobody can ask for an entity is watched under the names of its tensors.
        using var folder = new TempFolder();
        TrialGrid.Write(folder.Path, 1);
        File.Delete(Path.Combine(folder.Path, "model.yaml"));
        await trial.Grid.Client.Models.PushAsync("bare", "1", folder.Path, makeLive: true);
        await trial.Grid.Client.InferAsync("bare", [Rows(30)]);
        await MonitorCalls.UntilAsync(trial.Grid.Monitor("bare").GetAsync, static s => s.Versions is [{ OpenRows: 30 }]);
    }

    [Fact]
    public async Task AVersionThatFailsTensors_IsASignal()
    {
        var faults = new FaultPoints { BeforeRun = static (_, _) => throw new InvalidOperationException("broken") };
        await using var trial = await StartAsync(options => options.Monitoring.Load = new LoadOptions { Window = TimeSpan.FromSeconds(10), MinimumRequests = 20 }, faults);
        var signals = await MonitorCalls.UntilAsync(
            async () =>
            {
                await Assert.ThrowsAsync<GridException>(() => InferAsync(trial, 1));
                return await trial.Grid.SignalsAsync();
            },
            static signals => signals.Count > 0);
        Assert.Equal(("failing", 1.0), (Assert.Single(signals).Type, signals[0].Value));
    }

    private static async Task InferAsync(TrialGrid trial, int rows) => await trial.Grid.Client.InferAsync(TrialGrid.Model, [Rows(rows)]);

    private static Tensor Rows(int rows) => Tensor.Create<float>("x", TensorElementType.FP32, [rows, 2], [.. Enumerable.Range(0, rows * 2).Select(static i => i * 37 % 100 / 100f)]);

    private static async Task<TrialGrid> StartAsync(Action<Silo.Hosting.GridSiloOptions>? configure = null, FaultPoints? faults = null) =>
        await TrialGrid.StartAsync(faults, options =>
        {
            options.Monitoring.Period = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });

    private static async Task<WatchedVersion> RowsAsync(TrialGrid trial, long rows) =>
        (await MonitorCalls.UntilAsync(trial.Grid.Monitor(TrialGrid.Model).GetAsync, s => s.Versions.Sum(static v => v.OpenRows) >= rows)).Versions.Single();
}
