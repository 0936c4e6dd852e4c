using Grid.Abstractions;
using Grid.Primitives;
using Orleans.Services;

namespace Grid.Grains.Predictions;

/// <summary>One per silo: its log of predictions, for the others. What a silo buffers nobody else can see.</summary>
[Alias("grid.IPredictionLogService"), GrainInterfaceType("grid.prediction-log")]
internal interface IPredictionLogService : IGrainService
{
    /// <summary>Writes what this silo has buffered.</summary>
    /// <returns>The identity of its log, or null where it keeps none.</returns>
    [Alias("Flush")]
    Task<string?> FlushAsync(CancellationToken cancellationToken);

    /// <summary>The prediction of an id in finished files, or null.</summary>
    [Alias("Find")]
    Task<PredictionRecord?> FindAsync(string workspace, string id, CancellationToken cancellationToken);

    /// <summary>The models of predictions in finished files, by id.</summary>
    [Alias("FindModels")]
    Task<Dictionary<string, string>> FindModelsAsync(string workspace, string[] ids, CancellationToken cancellationToken);

    /// <summary>Takes a tenant, or one of its entities, out of the log, and the outcomes of what it takes out of the store.</summary>
    [Alias("EraseRows"), ResponseTimeout("00:10:00")]
    Task<ErasedRows> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken);

    /// <summary>Removes artifacts, and what this silo has of them.</summary>
    [Alias("RemoveArtifacts"), ResponseTimeout("00:01:00")]
    Task RemoveArtifactsAsync(Digest[] digests, CancellationToken cancellationToken);
}
