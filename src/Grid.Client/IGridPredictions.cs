using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client;

/// <summary>Predictions that were logged.</summary>
public interface IGridPredictions
{
    /// <summary>A prediction as it was answered.</summary>
    /// <exception cref="GridException">NotFound: the log does not have it.</exception>
    ValueTask<PredictionRecord> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Computes a logged prediction again from its vector, with the content that computed it, and compares the two bit by bit.</summary>
    /// <exception cref="GridException">NotFound: the log does not have it. FailedPrecondition: its version has other content now.</exception>
    ValueTask<Replay> ReplayAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Takes a tenant, or one of its entities, out of the log. Training sets that were exported keep what they have.</summary>
    /// <returns>Predictions removed.</returns>
    ValueTask<long> EraseAsync(string tenant, string? entity = null, CancellationToken cancellationToken = default);
}
