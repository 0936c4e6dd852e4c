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

    /// <summary>Gives a version a share of the live one's traffic, once it is ready, or changes the share it has.</summary>
    [Alias("SetCanary")]
    Task<ModelInfo> SetCanaryAsync(Canary canary, CancellationToken cancellationToken = default);

    /// <summary>Divides all traffic between arms, once all their versions are ready.</summary>
    [Alias("SetExperiment")]
    Task<ModelInfo> SetExperimentAsync(Experiment experiment, CancellationToken cancellationToken = default);

    /// <summary>Makes a version live: the named one, or the canary where none is named. It ends the canary or the experiment.</summary>
    [Alias("Promote")]
    Task<ModelInfo> PromoteAsync(string? version, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Ends the canary or the experiment; where there is none, the version that was live before is live again.</summary>
    [Alias("Rollback")]
    Task<ModelInfo> RollbackAsync(string? reason, CancellationToken cancellationToken = default);

    /// <summary>Lets a version compute the same predictions for comparison, once it is ready; or no longer.</summary>
    [Alias("SetShadow")]
    Task<ModelInfo> SetShadowAsync(string version, bool isShadow, CancellationToken cancellationToken = default);

    /// <summary>Takes a step that evidence asks for.</summary>
    [Alias("Decide")]
    Task<ModelInfo> DecideAsync(RolloutDecision decision, CancellationToken cancellationToken = default);

    /// <summary>Names a version <c>@alias</c>, or forgets the alias where the version is null.</summary>
    [Alias("SetAlias")]
    Task<ModelInfo> SetAliasAsync(string alias, string? version, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of the model, or of one of its versions; takes it away where the value is null.</summary>
    [Alias("SetTag")]
    Task<ModelInfo> SetTagAsync(string? version, string tag, string? value, CancellationToken cancellationToken = default);

    [Alias("GetHistory")]
    Task<RolloutHistory> GetHistoryAsync();

    [Alias("Get")]
    Task<ModelInfo> GetAsync();
}
