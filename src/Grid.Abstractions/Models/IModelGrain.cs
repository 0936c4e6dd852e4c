using Orleans;

namespace Grid.Abstractions;

/// <summary>Owner of a model's versions and rollout; key <c>workspace/model</c>. Every change is in force where it is acknowledged.</summary>
[Alias("grid.IModelGrain"), GrainInterfaceType("grid.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Registers a version. The same bytes again change nothing; other bytes under a taken name are refused.</summary>
    [Alias("Register")]
    Task<VersionInfo> RegisterAsync(RegisterVersionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends all traffic to a version, once it is ready.</summary>
    [Alias("SetLive")]
    Task<ModelInfo> SetLiveAsync(string version, CancellationToken cancellationToken = default);

    /// <summary>Retires a version that is not live: silos unload it.</summary>
    [Alias("Retire")]
    Task<VersionInfo> RetireAsync(string version, CancellationToken cancellationToken = default);

    [Alias("Get")]
    Task<ModelInfo> GetAsync();
}
