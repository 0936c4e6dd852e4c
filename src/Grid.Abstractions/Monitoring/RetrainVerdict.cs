using Orleans;

namespace Grid.Abstractions;

/// <summary>Whether a model should be trained again.</summary>
/// <param name="Start">Now: a signal of type <c>retrain</c> is open.</param>
/// <param name="Reason">The strongest reason: <c>labelled-performance</c>, <c>estimated-performance</c>, <c>prediction-drift</c>, <c>input-drift</c>, <c>data-volume</c>, <c>age</c>, <c>manual</c>; null where there is none.</param>
/// <param name="Explanation">One sentence.</param>
/// <param name="NotBeforeMs">When one that must wait for time alone may begin, Unix milliseconds.</param>
/// <param name="SignalId">The signal that asks for it.</param>
[GenerateSerializer, Immutable, Alias("grid.retrain-verdict")]
public sealed record RetrainVerdict(
    [property: Id(0)] bool Start,
    [property: Id(1)] string? Reason,
    [property: Id(2)] string Explanation,
    [property: Id(3)] long? NotBeforeMs,
    [property: Id(4)] string? SignalId);
