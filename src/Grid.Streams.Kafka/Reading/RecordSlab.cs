using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>
/// Copies keys and values out of the native message into shared blocks: one allocation for hundreds of records instead of two for each.
/// For the reader's thread alone.
/// </summary>
internal sealed class RecordSlab : IDeserializer<KafkaBytes>
{
    /// <summary>Below the 85,000 bytes at which a block would go to the large object heap.</summary>
    private const int BlockBytes = 64 * 1024;

    /// <summary>Larger ones get an array of their own: at most an eighth of a block is left unused at its end.</summary>
    private const int LargeBytes = BlockBytes / 8;

    private byte[] _block = [];
    private int _used;

    public KafkaBytes Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
        {
            return KafkaBytes.Null;
        }

        if (data.Length >= LargeBytes)
        {
            return new KafkaBytes(data.ToArray(), IsNull: false);
        }

        if (data.Length > _block.Length - _used)
        {
            _block = GC.AllocateUninitializedArray<byte>(BlockBytes);
            _used = 0;
        }

        var memory = _block.AsMemory(_used, data.Length);
        data.CopyTo(memory.Span);
        _used += data.Length;
        return new KafkaBytes(memory, IsNull: false);
    }
}
