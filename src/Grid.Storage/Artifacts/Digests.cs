using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Digests from hashes that were computed piece by piece.</summary>
internal static class Digests
{
    public static Digest FromHash(ReadOnlySpan<byte> sha256) =>
        Digest.TryParse(Digest.Prefix + Convert.ToHexStringLower(sha256), out var digest)
            ? digest
            : throw new ArgumentException($"A SHA-256 hash has 32 bytes, not {sha256.Length}.", nameof(sha256));
}
