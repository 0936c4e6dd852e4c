namespace Grid.Features.Records;

/// <summary>How true the numbers of one window are.</summary>
internal enum WindowFlag : byte
{
    Exact,

    /// <summary>Entries at the old end came from a tile that reaches further back, or are gone.</summary>
    Degraded,

    /// <summary>The as-of time lies before the newest event, and what the window needs is not kept.</summary>
    Unanswerable,
}
