namespace Grid.Grains.Catalogue;

/// <summary>An entry with the number that a compare-and-swap of it must name.</summary>
internal readonly record struct Versioned<T>(T Entry, long Version) where T : class;
