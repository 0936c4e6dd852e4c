namespace Grid.Storage;

/// <summary>The answer to a compare-and-swap.</summary>
/// <param name="IsSwapped">True if the change is durable.</param>
/// <param name="Current">The entry after the call: the new one (a tombstone after a deletion), or the one that stood against it; null if there never was one.</param>
public readonly record struct SwapOutcome(bool IsSwapped, CatalogueEntry? Current);
