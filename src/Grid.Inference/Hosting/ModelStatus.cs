using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>One version in this process, at the moment of asking. Immutable.</summary>
public sealed record ModelStatus
{
    public required VersionKey Key { get; init; }

    public required ModelState State { get; init; }

    /// <summary>The content digest of its files.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public GridError? Error { get; init; }

    /// <summary>What it counts against the memory budget, in bytes; 0 where it is not loaded.</summary>
    public long ChargedBytes { get; init; }

    /// <summary>How much the process grew while it was loaded, in bytes: a hint, since others allocate meanwhile.</summary>
    public long MeasuredBytes { get; init; }

    /// <summary>By size of batch; empty where rows cannot be asked of it.</summary>
    public ImmutableArray<BatchCost> Costs { get; init; } = [];

    /// <summary>True where a single row runs on its caller's thread.</summary>
    public bool IsInline { get; init; }

    /// <summary>Requests that wait for a worker.</summary>
    public int Waiting { get; init; }

    /// <summary>Time since it was last leased, or since it was loaded.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Runs since it was loaded.</summary>
    public long Runs { get; init; }

    /// <summary>Rows of these runs.</summary>
    public long Rows { get; init; }

    /// <summary>Runs that the model failed.</summary>
    public long Failures { get; init; }
}
