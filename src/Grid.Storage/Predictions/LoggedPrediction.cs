namespace Grid.Storage.Predictions;

/// <summary>One prediction as it was answered. Never mutated: its arrays are shared with the answer.</summary>
/// <param name="Layout">What computed it.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The id it was answered with.</param>
/// <param name="Entity">The entity.</param>
/// <param name="TimeMs">As-of time, Unix milliseconds.</param>
/// <param name="AtMs">When it was answered, Unix milliseconds.</param>
/// <param name="Revision">Catalogue revision that chose the version.</param>
/// <param name="LatencyUs">Time from the shard's taking it up to the answer, in microseconds.</param>
/// <param name="TraceId">Trace it was part of, or empty.</param>
/// <param name="Vector">What the model saw.</param>
/// <param name="Output">What the model said.</param>
public sealed record LoggedPrediction(
    PredictionLayout Layout,
    string Tenant,
    string Id,
    string Entity,
    long TimeMs,
    long AtMs,
    long Revision,
    int LatencyUs,
    string TraceId,
    float[] Vector,
    float[] Output)
{
    /// <summary>Objects, headers and references beside the text and the floats.</summary>
    private const int FixedBytes = 240;

    /// <summary>Memory it holds, roughly.</summary>
    internal int Bytes => FixedBytes + (2 * (Id.Length + Entity.Length + TraceId.Length)) + (sizeof(float) * (Vector.Length + Output.Length));
}
