using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>What the host knows of a version. Changed under the host's lock; <see cref="Model"/> is read without it.</summary>
internal sealed class ModelEntry(VersionKey key, ModelPackage package, ModelManifest? manifest)
{
    private volatile LoadedModel? _model;

    public VersionKey Key { get; } = key;

    public ModelPackage Package { get; } = package;

    public ModelManifest? Manifest { get; } = manifest;

    public ModelState State { get; set; } = ModelState.Loading;

    public GridError? Error { get; set; }

    /// <summary>The load under way, or the last one.</summary>
    public Task<ModelStatus> Load { get; set; } = null!;

    /// <summary>Null unless ready.</summary>
    public LoadedModel? Model { get => _model; set => _model = value; }

    public ModelStatus Describe() => Model?.Describe(State) ?? new ModelStatus { Key = Key, State = State, Digest = Package.Digest, Error = Error };
}
