using Grid.Abstractions;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Rows;

namespace Grid.Grains.Rollouts;

/// <summary>One prediction to compute again with another version, and what to compare it with. Whoever takes it out of the queue disposes it.</summary>
/// <param name="Replica">Lease of the version that runs.</param>
/// <param name="Buffer">Its vector, filled.</param>
/// <param name="Vector">What the vector is made of, and where its outputs lie.</param>
/// <param name="Answered">The answer that was given.</param>
/// <param name="AnsweredByChallenger">The canary answered, and it is the champion that runs now.</param>
/// <param name="Tenant">Whose prediction it is.</param>
/// <param name="Guard">Which output to compare and where to cut it.</param>
/// <param name="Counter">Where the comparison is counted.</param>
internal sealed record ShadowRun(
    Replica Replica,
    RowBuffer Buffer,
    BoundVector Vector,
    Prediction Answered,
    bool AnsweredByChallenger,
    string Tenant,
    DisagreementGuard? Guard,
    ComparisonCounter Counter) : IDisposable
{
    public void Dispose()
    {
        Buffer.Dispose();
        Replica.Dispose();
    }
}
