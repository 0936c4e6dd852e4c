using Orleans;

namespace Grid.Abstractions;

/// <summary>Owner of one version's lifecycle and of what the silos report about it; key <c>workspace/model/version</c>.</summary>
[Alias("grid.IModelVersionGrain"), GrainInterfaceType("grid.model-version")]
public interface IModelVersionGrain : IGrainWithStringKey
{
    [Alias("Get")]
    Task<VersionInfo> GetAsync();

    /// <summary>A silo's model host says what it holds. Reports are soft state: a silo repeats them.</summary>
    [Alias("Report")]
    Task ReportAsync(ReplicaReport report);

    /// <summary>Returns when every active silo that wants the version is ready, or throws with the reason of the first that failed.</summary>
    [Alias("WaitReady")]
    Task WaitReadyAsync(CancellationToken cancellationToken = default);
}
