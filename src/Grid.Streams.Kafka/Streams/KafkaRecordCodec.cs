using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using Orleans.Serialization;

namespace Grid.Streams.Kafka;

/// <summary>Records to events and back: the version byte and Orleans' serializer for own topics, their format for those of others; headers are the request context. Thread-safe.</summary>
internal sealed class KafkaRecordCodec(Serializer<KafkaEnvelope> serializer)
{
    /// <summary>First byte of a value of Grid's own form; a reader sets aside what it does not know.</summary>
    private const byte Version = 1;

    /// <summary>Entries that the runtime keeps for one call, such as the ids that allow call chains.</summary>
    private const char RuntimePrefix = '#';

    /// <summary>The stream's events of a record, or why there are none; whatever the bytes are, nothing is thrown.</summary>
    public RecordFault? Parse(KafkaTopicOptions topic, in KafkaRecord record, out KafkaStreamRecord result)
    {
        result = default;
        var key = record.Key.Memory;
        if (key.Length == 0)
        {
            if (topic.DefaultKey is null)
            {
                return new RecordFault(RecordFaultReason.MissingKey, "the record has no key, and the key names the stream.");
            }

            key = Encoding.UTF8.GetBytes(topic.DefaultKey);
        }

        try
        {
            return topic.External is { } format ? ParseForeign(format, record, key, out result) : ParseOwn(record, key, out result);
        }
#pragma warning disable CA1031 // A codec may throw anything at hostile bytes; the record is set aside with the text.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new RecordFault(RecordFaultReason.Malformed, $"the value cannot be read: {e.GetType().Name}, {e.Message}");
        }
    }

    /// <summary>The records for events of one stream: one for all in Grid's own form, one for each in a foreign format.</summary>
    public IEnumerable<Message<byte[]?, byte[]?>> Write(KafkaTopicOptions topic, byte[] key, object[] events, Dictionary<string, object>? context)
    {
        if (topic.External is { } format)
        {
            foreach (var e in events)
            {
                var headers = ToHeaders(context, out _);
                yield return new Message<byte[]?, byte[]?> { Key = key, Value = format.Write(e, headers), Headers = headers };
            }

            yield break;
        }

        var ownHeaders = ToHeaders(context, out var rest);
        using var stream = new MemoryStream();
        stream.WriteByte(Version);
        serializer.Serialize(new KafkaEnvelope(events, rest), stream);
        yield return new Message<byte[]?, byte[]?> { Key = key, Value = stream.ToArray(), Headers = ownHeaders };
    }

    private static RecordFault? ParseForeign(IKafkaRecordFormat format, in KafkaRecord record, ReadOnlyMemory<byte> key, out KafkaStreamRecord result)
    {
        result = default;
        if (format.Parse(record, out var events) is { } fault)
        {
            return fault;
        }

        result = new KafkaStreamRecord(key, events, FromHeaders(record, null));
        return null;
    }

    private RecordFault? ParseOwn(in KafkaRecord record, ReadOnlyMemory<byte> key, out KafkaStreamRecord result)
    {
        result = default;
        var value = record.Value.Memory;
        if (value.Length == 0)
        {
            return new RecordFault(RecordFaultReason.NullValue, "the record has no value.");
        }

        if (value.Span[0] != Version)
        {
            return new RecordFault(RecordFaultReason.SchemaMismatch, $"the value begins with {value.Span[0]}, and this build reads version {Version} of Grid's own form; a topic that others write to is declared as external.");
        }

        var envelope = serializer.Deserialize(value[1..]);
        if (envelope is not { Events.Length: > 0 })
        {
            return new RecordFault(RecordFaultReason.Malformed, "the value holds no events.");
        }

        result = new KafkaStreamRecord(key, envelope.Events, FromHeaders(record, envelope.Context));
        return null;
    }

    /// <summary>Texts become headers that anyone can read; other values stay for Grid's own form.</summary>
    private static Headers ToHeaders(Dictionary<string, object>? context, out Dictionary<string, object>? rest)
    {
        var headers = new Headers();
        rest = null;
        foreach (var (name, value) in context ?? [])
        {
            if (name.StartsWith(RuntimePrefix))
            {
                continue;
            }

            if (value is string text)
            {
                headers.Add(name, Encoding.UTF8.GetBytes(text));
            }
            else
            {
                (rest ??= [])[name] = value;
            }
        }

        return headers;
    }

    private static Dictionary<string, object>? FromHeaders(in KafkaRecord record, Dictionary<string, object>? context)
    {
        foreach (var header in record.Headers)
        {
            if (header.Value is { } value && !header.Name.StartsWith(RuntimePrefix))
            {
                (context ??= [])[header.Name] = Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : value;
            }
        }

        return context;
    }
}
