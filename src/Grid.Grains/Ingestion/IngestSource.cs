using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ingestion;

/// <summary>A configured source and the clients that its partitions share in this silo. Connects to nothing until it is used.</summary>
internal sealed class IngestSource : IDisposable
{
    private readonly KafkaDeadLetterProducer? _producer;
    private readonly SchemaRegistrySource? _schemas;

    public IngestSource(IngestSourceOptions options, IDeadLetterStore letters, KafkaInstruments instruments, TimeProvider time, ILoggerFactory logging)
    {
        Options = options;
        Clients = new KafkaClientFactory(options.Connection, $"sources['{options.Name}'].connection");
        Topic = new KafkaTopic(Clients, options.Topic);
        Mapping = MappingEntry.Of(options.Mapping);
        _schemas = options.SchemaRegistry is { } registry ? new SchemaRegistrySource(registry) : null;
        _producer = options.DeadLetterTopic is { } topic ? new KafkaDeadLetterProducer(Clients, new DeadLetterOptions { Topic = topic }, instruments, time, logging) : null;
        SetAside = new RecordsSetAside(options, letters, _producer, time);
    }

    public IngestSourceOptions Options { get; }

    public IKafkaClientFactory Clients { get; }

    public KafkaTopic Topic { get; }

    public MappingEntry Mapping { get; }

    public ISchemaSource? Schemas => _schemas;

    public RecordsSetAside SetAside { get; }

    public void Dispose()
    {
        Topic.Dispose();
        _producer?.Dispose();
        _schemas?.Dispose();
    }
}
