namespace Grid.Features.Paging;

/// <summary>What the slots of a page hold. Part of stored state.</summary>
internal enum SlotKind : byte
{
    /// <summary>Records of entities: found again by walking the pages.</summary>
    Record = 0,

    /// <summary>Chunks and tiles of series: reached from records.</summary>
    Series = 1,

    /// <summary>Idempotency keys: reached from the manifest.</summary>
    Keys = 2,
}
