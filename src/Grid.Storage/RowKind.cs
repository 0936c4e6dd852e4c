namespace Grid.Storage;

/// <summary>What a checksum is about, so that a row of one kind never passes for one of another. Stored inside checksums: never reuse a value.</summary>
internal enum RowKind : byte
{
    Block = 1,
    Page = 2,
    Manifest = 3,
    CatalogueEntry = 4,
    Frontier = 5,
    Document = 8,
}
