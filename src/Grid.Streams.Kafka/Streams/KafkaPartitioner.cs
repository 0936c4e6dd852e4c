using System.Buffers.Binary;

namespace Grid.Streams.Kafka;

/// <summary>The partition that Kafka's Java clients choose for a key, so that producers in any language and Grid agree. MurmurHash2 (Austin Appleby, public domain) with the Java clients' seed.</summary>
public static class KafkaPartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;
    private const int R = 24;

    /// <param name="partitions">1 or more.</param>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)((Hash(key) & 0x7fffffff) % (uint)partitions);
    }

    internal static uint Hash(ReadOnlySpan<byte> data)
    {
        var h = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            k = (k ^ (k >> R)) * M;
            h = (h * M) ^ k;
            data = data[4..];
        }

        if (data.Length >= 3)
        {
            h ^= (uint)data[2] << 16;
        }

        if (data.Length >= 2)
        {
            h ^= (uint)data[1] << 8;
        }

        if (data.Length >= 1)
        {
            h = (h ^ data[0]) * M;
        }

        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
