using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>Where clients of a cluster come from. Thread-safe. What the caller sets wins over the connection's properties.</summary>
public interface IKafkaClientFactory
{
    /// <summary>Names the cluster in errors and logs: the bootstrap servers.</summary>
    string Cluster { get; }

    /// <exception cref="Primitives.GridException">librdkafka does not take the settings.</exception>
    IConsumer<TKey, TValue> CreateConsumer<TKey, TValue>(ConsumerConfig settings, Action<ConsumerBuilder<TKey, TValue>> configure);

    /// <exception cref="Primitives.GridException">librdkafka does not take the settings.</exception>
    IProducer<byte[]?, byte[]?> CreateProducer(ProducerConfig settings, Action<ProducerBuilder<byte[]?, byte[]?>> configure);
}
