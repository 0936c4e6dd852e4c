using System.IO.Hashing;

namespace Grid.Primitives;

/// <summary>Which shard of a tenant a partition key belongs to. Stored state depends on it: the function never changes.</summary>
public static class ShardHash
{
    /// <summary>The most shards that a tenant may have.</summary>
    public const int MaxShards = 4096;

    /// <param name="partitionKey">The key, UTF-8.</param>
    /// <param name="shards">How many shards the tenant has, 1 to <see cref="MaxShards"/>.</param>
    public static int ShardOf(ReadOnlySpan<byte> partitionKey, int shards) =>
        shards == 1 ? 0 : (int)(XxHash3.HashToUInt64(partitionKey) % (uint)shards);

    /// <inheritdoc cref="ShardOf(ReadOnlySpan{byte}, int)"/>
    public static int ShardOf(string partitionKey, int shards)
    {
        if (shards == 1)
        {
            return 0;
        }

        Span<byte> buffer = stackalloc byte[512];
        var max = System.Text.Encoding.UTF8.GetMaxByteCount(partitionKey.Length);
        var utf8 = max <= buffer.Length ? buffer[..System.Text.Encoding.UTF8.GetBytes(partitionKey, buffer)] : System.Text.Encoding.UTF8.GetBytes(partitionKey);
        return ShardOf(utf8, shards);
    }
}
