using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every store asks of the calls on its documents.</summary>
internal static class DocumentChecks
{
    public const int MaxPage = 1000;

    public static void Require(DocumentKey key)
    {
        if (string.IsNullOrEmpty(key.Kind) || string.IsNullOrEmpty(key.Name))
        {
            throw GridError.Invalid($"document '{key}'", "has an empty kind or name.", "Name both.").ToException();
        }
    }

    public static void RequirePage(int max)
    {
        if (max is < 1 or > MaxPage)
        {
            throw GridError.Invalid("max", $"is {max}.", $"Read 1 to {MaxPage} documents at a time.").ToException();
        }
    }

    public static void RequireSwaps(IReadOnlyList<DocumentSwap> swaps)
    {
        if (swaps.Count is < 1 or > IDocumentStore.MaxSwaps)
        {
            throw GridError.Invalid("changes", $"are {swaps.Count}.", $"Make 1 to {IDocumentStore.MaxSwaps} at a time.").ToException();
        }

        var seen = new HashSet<DocumentKey>();
        foreach (var swap in swaps)
        {
            Require(swap.Key);
            if (!seen.Add(swap.Key))
            {
                throw GridError.Invalid($"document '{swap.Key}'", "is changed twice in one call.", "Change it once.").ToException();
            }

            if (swap.ExpectedVersion < 0 || (swap.Body is null && swap.ExpectedVersion == 0))
            {
                throw GridError.Invalid($"document '{swap.Key}'", $"has no version {swap.ExpectedVersion}.", "Expect 0 to create it, and the version you read to change or remove it.").ToException();
            }
        }
    }

    /// <summary>What the checksum of a document's row covers.</summary>
    public static long ChecksumOf(StoredDocument document) => RowChecksum.Document(document.Key, document.Version, document.DueMs, document.Body.Span);
}
