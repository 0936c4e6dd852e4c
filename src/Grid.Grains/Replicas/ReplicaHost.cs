using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Replicas;

/// <inheritdoc cref="IReplicaHost"/>
[Reentrant]
internal sealed class ReplicaHost(GrainId id, Silo silo, ILoggerFactory loggerFactory, AfarRunner runner) : GrainService(id, silo, loggerFactory), IReplicaHost
{
    // Off the service's own scheduler, which is one for all callers of the silo.
    public Task<AfarAnswer> RunAsync(AfarRun run, CancellationToken cancellationToken) =>
        Task.Run(() => runner.RunAsync(run, cancellationToken), CancellationToken.None);

    public Task<AfarTensorAnswer> RunTensorsAsync(AfarTensors request, CancellationToken cancellationToken) =>
        Task.Run(() => runner.RunTensorsAsync(request, cancellationToken), CancellationToken.None);
}
