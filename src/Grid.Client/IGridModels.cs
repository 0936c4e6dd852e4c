using Grid.Abstractions;

namespace Grid.Client;

/// <summary>Models of the workspace.</summary>
public interface IGridModels
{
    ValueTask<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken = default);

    ValueTask<ModelInfo> GetAsync(string model, CancellationToken cancellationToken = default);

    ValueTask<VersionInfo> GetVersionAsync(string model, string version, CancellationToken cancellationToken = default);

    /// <summary>
    /// Registers a version from a folder that holds <c>model.onnx</c> and, optionally, <c>model.yaml</c> and files they name.
    /// The same bytes again change nothing.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version.</param>
    /// <param name="folder">Local folder with the files.</param>
    /// <param name="makeLive">Send traffic to it once it is ready everywhere it will be asked.</param>
    /// <param name="cancellationToken">Stops before the version is registered.</param>
    ValueTask<VersionInfo> PushAsync(string model, string version, string folder, bool makeLive = false, CancellationToken cancellationToken = default);

    /// <summary>Sends all traffic to a version once it is ready; in force on every silo when answered.</summary>
    ValueTask<ModelInfo> SetLiveAsync(string model, string version, CancellationToken cancellationToken = default);

    /// <summary>Retires a version that is not live.</summary>
    ValueTask<VersionInfo> RetireAsync(string model, string version, CancellationToken cancellationToken = default);
}
