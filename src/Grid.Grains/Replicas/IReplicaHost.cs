using Orleans.Services;

namespace Grid.Grains.Replicas;

/// <summary>One per silo: computes for shards whose own silo has no replica of the version.</summary>
[Alias("grid.IReplicaHost"), GrainInterfaceType("grid.replica-host")]
internal interface IReplicaHost : IGrainService
{
    /// <summary>Runs vectors on this silo's replica, loading it first where it is not there. Failures are in the answer.</summary>
    [Alias("Run"), ResponseTimeout("00:10:00")]
    Task<AfarAnswer> RunAsync(AfarRun run, CancellationToken cancellationToken);

    /// <summary>The same for a request by tensors, which is logged here where the version asks for that.</summary>
    [Alias("RunTensors"), ResponseTimeout("00:10:00")]
    Task<AfarTensorAnswer> RunTensorsAsync(AfarTensors request, CancellationToken cancellationToken);
}
