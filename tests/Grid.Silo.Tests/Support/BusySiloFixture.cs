using Grid.Inference.Hosting;
using Grid.Inference.Tests.Support;
using Grid.Monitoring.Load;
using Grid.Primitives;
using Grid.Silo.Hosting;

namespace Grid.Silo.Tests.Support;

/// <summary>A silo that looks at the load of its models every second, and whose runs a test can hold.</summary>
public sealed class BusySiloFixture : SiloFixture
{
    /// <summary>Every run fails.</summary>
    public const string Failing = "failing";

    /// <summary>No run is as fast as its manifest demands.</summary>
    public const string Slow = "slow";

    /// <summary>Runs wait while <see cref="Gate"/> is closed, and one request waits behind those that run.</summary>
    public const string Busy = "busy";

    /// <summary>What a run counts as, in milliseconds: far too much for a caller's own thread, and more than a deadline of 1 ms allows.</summary>
    private const double RunMs = 20;

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Released for each run of <see cref="Busy"/> that a worker has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    public static int Workers => Environment.ProcessorCount;

    public Task PushAsync(string model, string manifest, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(StateFolder, "pushed", model);
        Directory.CreateDirectory(folder);
        var onnx = new OnnxBuilder()
            .Initializer("w", [1, 1], [2])
            .Node("MatMul", ["x", "w"], ["y"])
            .Input("x", OnnxBuilder.Float, null, 1)
            .Output("y", OnnxBuilder.Float, null, 1)
            .Build();
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), onnx);
        File.WriteAllText(Path.Combine(folder, "model.yaml"), $"inputs:\n  x:\n    - request: amount\noutputs:\n  y: {{ output: y, index: 0 }}\n{manifest}\n");
        return Sdk.Models.PushAsync(model, "1", folder, makeLive: true, cancellationToken).AsTask();
    }

    private protected override void Configure(GridSiloOptions options)
    {
        options.Monitoring.Period = TimeSpan.FromMilliseconds(100);
        options.Monitoring.Load = new LoadOptions { Window = TimeSpan.FromSeconds(1), MinimumRequests = 10 };
        options.ModelFaults = new FaultPoints { BeforeRun = OnRun, Cost = static _ => RunMs * 1e6 };
    }

    private void OnRun(VersionKey version, int rows)
    {
        if (version.Model == Failing)
        {
            throw new InvalidOperationException("broken by the test");
        }

        if (version.Model == Busy)
        {
            Begun.Release();
            Gate.Wait();
        }
    }
}
