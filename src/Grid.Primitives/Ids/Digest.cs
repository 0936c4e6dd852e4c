using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Orleans;

namespace Grid.Primitives;

/// <summary>A SHA-256 content address. Written <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
[GenerateSerializer, Immutable, Alias("grid.digest")]
public readonly record struct Digest
{
    public const string Prefix = "sha256:";

    private Digest(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits; empty for the default value.</summary>
    [Id(0)]
    public string Hex { get => field ?? ""; init; }

    public bool IsEmpty => Hex.Length == 0;

    public static Digest Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    public static async ValueTask<Digest> OfAsync(Stream content, CancellationToken cancellationToken) =>
        new(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)));

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || text.Length != Prefix.Length + 64 || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var hex = text[Prefix.Length..];
        if (!hex.All(static c => char.IsAsciiHexDigitLower(c)))
        {
            return false;
        }

        digest = new Digest(hex);
        return true;
    }

    public override string ToString() => IsEmpty ? "" : Prefix + Hex;
}
