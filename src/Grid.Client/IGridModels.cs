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

    /// <summary>Downloads a file of a version: its card, its manifest, the model itself. Appears under its name once it is whole and has the content that was registered.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version; a retired one still has its files.</param>
    /// <param name="file">Its name in the version's folder, one of <see cref="VersionInfo.Files"/>.</param>
    /// <param name="path">The local file; replaced where it is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Primitives.GridException">NotFound: the version has no such file. InvalidArgument: the local file cannot be written.</exception>
    ValueTask DownloadAsync(string model, string version, string file, string path, CancellationToken cancellationToken = default);

    /// <summary>Sends all traffic to a version once it is ready; in force on every silo when answered.</summary>
    ValueTask<ModelInfo> SetLiveAsync(string model, string version, CancellationToken cancellationToken = default);

    /// <summary>Retires a version that is not live.</summary>
    ValueTask<VersionInfo> RetireAsync(string model, string version, CancellationToken cancellationToken = default);

    /// <summary>How traffic divides and what has been measured since that was changed last, over all silos.</summary>
    ValueTask<RolloutStatus> GetRolloutAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>What the model's traffic was; <see cref="RolloutHistory.At"/> says which version answered at a time.</summary>
    ValueTask<RolloutHistory> GetHistoryAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>Gives a version a share of the live one's traffic once it is ready, or changes the share it has; in force on every silo when answered.</summary>
    ValueTask<ModelInfo> SetCanaryAsync(string model, Canary canary, CancellationToken cancellationToken = default);

    /// <summary>Divides all traffic between arms once all their versions are ready. <see cref="RollbackAsync"/> ends it.</summary>
    ValueTask<ModelInfo> SetExperimentAsync(string model, Experiment experiment, CancellationToken cancellationToken = default);

    /// <summary>Lets a version compute the same predictions for comparison once it is ready; or no longer.</summary>
    ValueTask<ModelInfo> SetShadowAsync(string model, string version, bool isShadow = true, CancellationToken cancellationToken = default);

    /// <summary>Makes a version live, the canary where none is named; ends the canary or the experiment.</summary>
    ValueTask<ModelInfo> PromoteAsync(string model, string? version = null, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Ends the canary or the experiment; where there is none, the version that was live before is live again.</summary>
    ValueTask<ModelInfo> RollbackAsync(string model, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Names a version, so that requests can pin it as <c>@alias</c>; forgets the alias where the version is null.</summary>
    ValueTask<ModelInfo> SetAliasAsync(string model, string alias, string? version, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of a model, or of one of its versions; takes it away where the value is null.</summary>
    ValueTask<ModelInfo> SetTagAsync(string model, string? version, string tag, string? value, CancellationToken cancellationToken = default);
}
