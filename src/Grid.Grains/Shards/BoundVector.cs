using Grid.Abstractions;
using Grid.Features.Plans;

namespace Grid.Grains.Shards;

/// <summary>What one version asks of one layout of the features, bound once. Immutable.</summary>
/// <param name="Inputs">One plan for each ONNX input, in the order of the signature.</param>
/// <param name="Layout">Names and lengths of the answer's values.</param>
/// <param name="Version">Name of the version.</param>
/// <param name="Digest">Its content digest, as text.</param>
/// <param name="AllowStaleReads">Answers of an owner that cannot confirm itself are better than none.</param>
/// <param name="LogShare">Share of its predictions that it wants logged; null where it does not say.</param>
/// <param name="MaxBatch">Most rows of one run.</param>
/// <param name="HasEventClock">Every view it reads runs on event time alone, so that "now" is the newest event.</param>
internal sealed record BoundVector(
    VectorPlan[] Inputs,
    OutputLayout Layout,
    string Version,
    string Digest,
    bool AllowStaleReads,
    bool HasEventClock,
    double? LogShare,
    int MaxBatch)
{
    /// <summary>Floats of one row over all inputs.</summary>
    public int Count { get; } = Inputs.Sum(input => input.Count);
}
