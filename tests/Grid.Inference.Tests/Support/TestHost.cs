using Grid.Inference.Diagnostics;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Primitives;

namespace Grid.Inference.Tests.Support;

/// <summary>A host with a clock and fault points of its own, and models loaded by a line.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public TestHost(FaultPoints? faults = null, ModelHostOptions? options = null, InferenceInstruments? instruments = null)
    {
        Faults = faults ?? new FaultPoints();
        Host = new ModelHost(options, Time, instruments, Faults);
    }

    public ManualTime Time { get; } = new();

    public FaultPoints Faults { get; }

    public ModelHost Host { get; }

    public static VersionKey Key(string model, string version = "1") => new("default", model, version);

    /// <summary>Loads a model of the repository's files.</summary>
    public async Task<Replica> LoadAsync(string model, string path, ModelManifest? manifest = null) =>
        await LoadAsync(model, await File.ReadAllBytesAsync(path), manifest);

    public async Task<Replica> LoadAsync(string model, byte[] onnx, ModelManifest? manifest = null)
    {
        await Host.LoadAsync(Key(model), await PackAsync(model, onnx), manifest);
        return Host.TryAcquire(Key(model), out var replica) ? replica : throw new InvalidOperationException($"{model} is not ready.");
    }

    public async Task<Replica> LoadFlightsAsync(string version = "1", ManifestLimits? limits = null)
    {
        var package = await ModelPackage.FromFolderAsync(TestFiles.Flights(version));
        var manifest = (await package.ReadManifestAsync())!;
        await Host.LoadAsync(Key("flights-late", version), package, limits is null ? manifest : manifest with { Limits = limits });
        return Host.TryAcquire(Key("flights-late", version), out var replica) ? replica : throw new InvalidOperationException("It is not ready.");
    }

    public async Task<ModelPackage> PackAsync(string model, byte[] onnx)
    {
        _folder.Write($"{model}/1/model.onnx", onnx);
        return await ModelPackage.FromFolderAsync(Path.Combine(_folder.Path, model, "1"));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
