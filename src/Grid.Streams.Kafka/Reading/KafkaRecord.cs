namespace Grid.Streams.Kafka;

/// <summary>One record of a partition. Its memory belongs to the garbage collector, in blocks shared with its neighbours: copy what is kept for long.</summary>
public readonly struct KafkaRecord
{
    private static readonly KafkaHeader[] NoHeaders = [];

    private readonly KafkaHeader[]? _headers;

    /// <param name="timestampMs">Unix milliseconds; -1 where the record has none.</param>
    public KafkaRecord(long offset, KafkaBytes key, KafkaBytes value, long timestampMs, KafkaTimestampKind timestampKind, KafkaHeader[]? headers = null)
    {
        Offset = offset;
        Key = key;
        Value = value;
        TimestampMs = timestampMs;
        TimestampKind = timestampKind;
        _headers = headers;
    }

    /// <summary>Position in the partition; rising, with gaps.</summary>
    public long Offset { get; }

    public KafkaBytes Key { get; }

    public KafkaBytes Value { get; }

    /// <summary>Unix milliseconds (UTC); -1 where the record has none.</summary>
    public long TimestampMs { get; }

    public KafkaTimestampKind TimestampKind { get; }

    /// <summary>In the record's order; empty where there are none.</summary>
    public KafkaHeader[] Headers => _headers ?? NoHeaders;

    /// <summary>What the record counts against limits of bytes: key, value, headers.</summary>
    public int Bytes
    {
        get
        {
            var bytes = Key.Memory.Length + Value.Memory.Length;
            foreach (var header in Headers)
            {
                bytes += header.Name.Length + (header.Value?.Length ?? 0);
            }

            return bytes;
        }
    }

    /// <summary>The last header of that name, as Kafka's own tools read repeated ones; false where there is none.</summary>
    public bool TryGetHeader(string name, out ReadOnlyMemory<byte> value)
    {
        var headers = Headers;
        for (var i = headers.Length - 1; i >= 0; i--)
        {
            if (headers[i].Name == name)
            {
                value = headers[i].Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
