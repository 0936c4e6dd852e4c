using System.Buffers.Binary;

namespace Grid.Streams.Kafka;

/// <summary>What Confluent's serializers put before a value: a zero byte and the id of its schema, four bytes, most significant first.</summary>
internal static class ConfluentFraming
{
    public const byte Magic = 0;

    public const int Bytes = 5;

    public static bool TryReadId(ReadOnlySpan<byte> value, out int id)
    {
        var isFramed = value.Length >= Bytes && value[0] == Magic;
        id = isFramed ? BinaryPrimitives.ReadInt32BigEndian(value[1..]) : 0;
        return isFramed;
    }
}
