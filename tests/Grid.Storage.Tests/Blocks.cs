using System.Text;
using Grid.Primitives;

namespace Grid.Storage.Tests;

/// <summary>Payloads that say what they are.</summary>
internal static class Blocks
{
    public static readonly ShardKey Shard = new("default", "acme", 0);

    public static ShardKey ShardOf(int number) => new("default", "acme", number);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The payload of a shard's block: 200 to 4,000 bytes that follow from shard and sequence.</summary>
    public static byte[] Of(int shard, long sequence)
    {
        var random = new Random(HashCode(shard, sequence));
        var bytes = new byte[random.Next(200, 4_001)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int HashCode(int shard, long sequence) => unchecked((shard * 7_919) + (int)sequence);
}
