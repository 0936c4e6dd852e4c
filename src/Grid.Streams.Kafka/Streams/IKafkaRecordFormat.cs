using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>How events of a stream stand in the records of a topic that others write or read too. Thread-safe.</summary>
public interface IKafkaRecordFormat
{
    /// <summary>The events of a record, or what is wrong with it: then it is dead-lettered and its neighbours go on. May throw: that is a fault as well.</summary>
    RecordFault? Parse(in KafkaRecord record, out IReadOnlyList<object> events);

    /// <summary>Value of the record for one event; headers may be added.</summary>
    /// <exception cref="Primitives.GridException">The event is of a type that the topic does not take.</exception>
    byte[] Write(object @event, Headers headers);
}
