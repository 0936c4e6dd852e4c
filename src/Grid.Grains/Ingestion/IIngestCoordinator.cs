using Orleans.Services;

namespace Grid.Grains.Ingestion;

/// <summary>One per silo: keeps the readers of this silo's share of the partitions alive.</summary>
[Alias("grid.IIngestCoordinator"), GrainInterfaceType("grid.ingest-coordinator")]
internal interface IIngestCoordinator : IGrainService
{
}
