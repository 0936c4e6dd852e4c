using System.Text.Json;
using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>One JSON value a record, read and written as one type. Thread-safe.</summary>
public sealed class JsonRecordFormat<T>(JsonSerializerOptions? options = null) : IKafkaRecordFormat
{
    private readonly JsonSerializerOptions _options = options ?? JsonSerializerOptions.Web;

    public RecordFault? Parse(in KafkaRecord record, out IReadOnlyList<object> events)
    {
        events = [];
        if (record.Value.IsNull)
        {
            return new RecordFault(RecordFaultReason.NullValue, "the record has no value.");
        }

        try
        {
            if (JsonSerializer.Deserialize<T>(record.Value.Span, _options) is not { } value)
            {
                return new RecordFault(RecordFaultReason.NullValue, "the value is the JSON null.");
            }

            events = [value];
            return null;
        }
        catch (JsonException e)
        {
            return new RecordFault(RecordFaultReason.Malformed, $"the value is no JSON of {typeof(T).Name} at byte {e.BytePositionInLine} of line {e.LineNumber}{(e.Path is null ? "" : $", {e.Path}")}.");
        }
    }

    public byte[] Write(object @event, Headers headers) =>
        @event is T value
            ? JsonSerializer.SerializeToUtf8Bytes(value, _options)
            : throw GridError.Invalid($"event of type {@event.GetType().Name}", $"does not go to a topic of {typeof(T).Name}.", "Send events of that type, or to another topic.").ToException();
}
