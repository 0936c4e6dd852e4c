namespace Grid.Streams.Kafka;

/// <summary>Where Avro schemas come from. Thread-safe.</summary>
public interface ISchemaSource
{
    /// <summary>The schema of an id, or that there is none, or why that is not known now. Never throws but for cancellation.</summary>
    ValueTask<SchemaAnswer> GetAsync(int id, CancellationToken cancellationToken);
}
