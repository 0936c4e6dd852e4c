using Orleans;

namespace Grid.Abstractions;

/// <summary>Reader of one partition of a source; key <c>source#topic#partition</c>. Holds the consumer itself: one reader, one place.</summary>
[Alias("grid.IPartitionIngestGrain"), GrainInterfaceType("grid.partition-ingest")]
public interface IPartitionIngestGrain : IGrainWithStringKey
{
    /// <summary>Reads, from the stored frontier on; a reader that is at it goes on. Called again and again, it keeps the actor alive.</summary>
    /// <param name="silo">The silo that should hold the reader. One that is held elsewhere stops and moves there, to start with the next call; null: any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Start")]
    ValueTask<PartitionIngestStatus> StartAsync(string? silo, CancellationToken cancellationToken = default);

    /// <summary>Stops reading, waits for what is under way and stores the frontier.</summary>
    [Alias("Stop")]
    ValueTask<PartitionIngestStatus> StopAsync(CancellationToken cancellationToken = default);

    /// <summary>How far it is.</summary>
    [Alias("GetStatus")]
    ValueTask<PartitionIngestStatus> GetStatusAsync();
}
