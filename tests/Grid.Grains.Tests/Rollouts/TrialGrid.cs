using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Tests.Support;
using Grid.Inference.Hosting;
using Grid.Inference.Tests.Support;
using Grid.TestKit;

namespace Grid.Grains.Tests.Rollouts;

/// <summary>A silo with a model of small versions: each multiplies the request's <c>amount</c> by a factor of its own.</summary>
internal sealed class TrialGrid : IAsyncDisposable
{
    public const string Model = "score";
    public const string Guards = "guards: { min_requests: 60, error_rate: 0.05, p99_ms: 25, disagreement: { rate: 0.05 }, steps: [30, 60] }";

    /// <summary>What a loaded machine may take for what takes a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private int _entity;

    private TrialGrid(TestGrid grid) => Grid = grid;

    public TestGrid Grid { get; }

    public IGridModels Models => Grid.Client.Models;

    /// <summary>A grid with version 1 live.</summary>
    public static async Task<TrialGrid> StartAsync(FaultPoints? faults = null, Action<Silo.Hosting.GridSiloOptions>? configure = null)
    {
        var grid = new TrialGrid(await TestGrid.StartAsync(options =>
        {
            options.ModelFaults = faults;
            configure?.Invoke(options);
        }));
        await grid.Grid.Client.Tenants.CreateAsync("t", 2);
        await grid.PushAsync("1", 1, makeLive: true);
        return grid;
    }

    public Task<VersionInfo> PushAsync(string version, float factor, string guards = "", bool makeLive = false, string? lineage = null)
    {
        var folder = _folder.Sub(version);
        Write(folder, factor, guards);
        if (lineage is not null)
        {
            File.WriteAllText(Path.Combine(folder, "lineage.json"), lineage);
        }

        return Models.PushAsync(Model, version, folder, makeLive).AsTask();
    }

    /// <summary>Lays out a version that multiplies.</summary>
    public static void Write(string folder, float factor, string guards = "")
    {
        Directory.CreateDirectory(folder);
        var onnx = new OnnxBuilder()
            .Initializer("w", [2, 1], [0, factor])
            .Node("MatMul", ["x", "w"], ["y"])
            .Input("x", OnnxBuilder.Float, null, 2)
            .Output("y", OnnxBuilder.Float, null, 1)
            .Build();
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), onnx);
        File.WriteAllText(Path.Combine(folder, "model.yaml"), $"inputs:\n  x:\n    - feature: card.n\n    - request: amount\noutputs:\n  y: {{ output: y, index: 0 }}\n{guards}\n");
    }

    public Task<Prediction> PredictAsync(string entity, string? version = null) =>
        Grid.Client.PredictAsync(Model, "t", entity, new RequestValues(["amount"], [1]), options: new PredictOptions { Version = version }).AsTask();

    public Task<Prediction> PredictAsync() => PredictAsync(Entity(Interlocked.Increment(ref _entity) % 500));

    public static string Entity(int number) => string.Create(CultureInfo.InvariantCulture, $"card-{number}");

    /// <summary>Predicts on and on until the model is as wanted.</summary>
    /// <param name="isDone">Whether it is.</param>
    /// <param name="then">What follows each prediction; null for nothing.</param>
    public async Task<ModelInfo> PredictUntilAsync(Predicate<ModelInfo> isDone, Func<Prediction, Task>? then = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var info = await Models.GetAsync(Model, limit.Token);
            if (isDone(info))
            {
                return info;
            }

            for (var i = 0; i < 20; i++)
            {
                limit.Token.ThrowIfCancellationRequested();
                var prediction = await PredictAsync();
                await (then?.Invoke(prediction) ?? Task.CompletedTask);
            }
        }
    }

    /// <summary>Asks for the rollout until it is as wanted.</summary>
    public async Task<RolloutStatus> RolloutAsync(Predicate<RolloutStatus> isDone)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var status = await Models.GetRolloutAsync(Model, limit.Token);
            if (isDone(status))
            {
                return status;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        _folder.Dispose();
    }
}
