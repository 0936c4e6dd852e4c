using System.IO.Hashing;
using System.Text;

namespace Grid.Streams.Kafka;

/// <summary>Turns UTF-8 into strings and remembers the short ones: tenants, types and categories repeat, and a string for each record would be most of what decoding allocates. Not thread-safe.</summary>
internal sealed class TextCache
{
    /// <summary>A power of two; about 200 KiB when full.</summary>
    private const int Slots = 4096;

    /// <summary>Longer texts are rarely the same twice.</summary>
    private const int MaxBytes = 64;

    private readonly (byte[] Utf8, string Text)[] _entries = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var entry = ref _entries[XxHash3.HashToUInt64(utf8) & (Slots - 1)];
        if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return entry.Text;
    }
}
