using Grid.Grains.Catalogue;
using Grid.Grains.Outcomes;
using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Ingestion;

/// <summary>What the readers of all partitions of a silo share.</summary>
internal sealed record PartitionServices(
    IFrontierStore Frontiers,
    CatalogueReplica Catalogue,
    TenantDirectory Tenants,
    IGrainFactory Grains,
    OutcomeIntake Outcomes,
    IngestInstruments Instruments,
    KafkaInstruments Kafka,
    ILocalSiloDetails Silo,
    TimeProvider Time,
    ILoggerFactory Logging);
