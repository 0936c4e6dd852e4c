namespace Grid.Streams.Kafka;

/// <summary>A topic of a stream provider: the namespace of its streams.</summary>
public sealed class KafkaTopicOptions
{
    /// <summary>The topic and the streams' namespace. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>How many partitions the topic has; each is one queue. Declared, so that silos agree and start without the brokers; a broker that says otherwise is reported. Required; 1 to 10,000.</summary>
    public int Partitions { get; set; }

    /// <summary>Null (default): values are Grid's own form, events of any serializable type. Otherwise the form that others write, one event a record.</summary>
    public IKafkaRecordFormat? External { get; set; }

    /// <summary>The stream of records without a key; null (default): such records are set aside.</summary>
    public string? DefaultKey { get; set; }
}
