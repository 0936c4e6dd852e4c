using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every store asks of the calls on its catalogue.</summary>
internal static class CatalogueChecks
{
    public static void Require(CatalogueKey key)
    {
        if (string.IsNullOrEmpty(key.Kind) || string.IsNullOrEmpty(key.Name))
        {
            throw GridError.Invalid($"catalogue entry '{key}'", "has an empty kind or name.", "Name both.").ToException();
        }
    }

    public static void RequireSwap(CatalogueKey key, long expectedVersion)
    {
        Require(key);
        if (expectedVersion < 0)
        {
            throw GridError.Invalid($"catalogue entry '{key}'", $"has no version {expectedVersion}.", "Expect 0 to create it, and the version you read to change it.").ToException();
        }
    }

    public static void RequireDelete(CatalogueKey key, long expectedVersion)
    {
        Require(key);
        if (expectedVersion < 1)
        {
            throw GridError.Invalid($"catalogue entry '{key}'", $"has no version {expectedVersion} to delete.", "Expect the version you read.").ToException();
        }
    }

    /// <summary>True if a swap that expects this version may go ahead.</summary>
    /// <param name="current">The entry that stands, or its tombstone; null if there never was one.</param>
    /// <param name="expectedVersion">The version the caller read.</param>
    public static bool Fits(CatalogueEntry? current, long expectedVersion) =>
        (current is { IsDeleted: false } ? current.Version : 0) == expectedVersion;

    /// <summary>The entry that follows. A tombstone's version goes on counting, so that a holder of an old version never mistakes a new entry for its own.</summary>
    public static CatalogueEntry Next(CatalogueKey key, CatalogueEntry? current, long revision, ReadOnlyMemory<byte>? body) =>
        new(key, (current?.Version ?? 0) + 1, revision, body);
}
