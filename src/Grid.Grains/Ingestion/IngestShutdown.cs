using Grid.Abstractions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Ingestion;

/// <summary>
/// Ends the readers of a silo that stops while the shards still answer, so that each leaves its frontier at the end of what it has read.
/// Left to the deactivation of all actors at once, a reader would find its shards gone and its frontier would stay behind.
/// </summary>
internal sealed partial class IngestShutdown(IngestDirectory directory, IGrainFactory grains, ILogger<IngestShutdown> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(IngestShutdown), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, EndReadersAsync);

    /// <summary>Ends the readers of this silo and starts none any more. May be called again.</summary>
    public Task EndReadersAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(directory.Close().Select(key => StopAsync(key, cancellationToken)));

    private async Task StopAsync(PartitionKey key, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IPartitionIngestGrain>(key.ToString()).StopAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (ShardErrors.Transient(e, CancellationToken.None) is not null)
        {
            // The next reader begins lower and sends again what the shards then skip.
            LogNotStopped(e, key);
        }
    }

    [LoggerMessage(EventId = 2651, Level = LogLevel.Warning, Message = "The reader of {Partition} did not end in time")]
    private partial void LogNotStopped(Exception error, PartitionKey partition);
}
