using Orleans;

namespace Grid.Abstractions;

/// <summary>Owner of one version's lifecycle and of what the silos report about it; key <c>workspace/model/version</c>.</summary>
[Alias("grid.IModelVersionGrain"), GrainInterfaceType("grid.model-version")]
public interface IModelVersionGrain : IGrainWithStringKey
{
    /// <summary>Registers the version: checks the stored files whole, then makes the catalogue entry. The same bytes again change nothing; other bytes are refused.</summary>
    [Alias("Register")]
    Task<VersionInfo> RegisterAsync(RegisterVersionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks the silos that shall hold a replica to load it: every one, or those that the version's manifest allows.</summary>
    [Alias("Stage")]
    Task StageAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks every silo to let go of it. The model's grain makes sure that it is not live.</summary>
    [Alias("Retire")]
    Task<VersionInfo> RetireAsync(CancellationToken cancellationToken = default);

    [Alias("Get")]
    Task<VersionInfo> GetAsync();

    /// <summary>A silo's model host says what it holds. Reports are soft state: a silo repeats them.</summary>
    [Alias("Report")]
    Task ReportAsync(ReplicaReport report);

    /// <summary>Returns when every active silo that wants the version is ready, or throws with the reason of the first that failed.</summary>
    [Alias("WaitReady")]
    Task WaitReadyAsync(CancellationToken cancellationToken = default);
}
