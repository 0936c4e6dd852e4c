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

    /// <summary>
    /// Takes a tenant, or one of its entities, out of the log, out of the outcomes, and out of the training sets: those that have rows of it are deleted, and reading one then says
    /// when and why. An outcome that came by the id of a prediction that is no longer in the log names no entity, and goes with its tenant only. Features, topics and files that were
    /// downloaded are out of reach. The same again erases nothing more; where one broke off, it goes on.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="entity">The entity; null for the whole tenant. Not empty.</param>
    /// <param name="cancellationToken">Gives up waiting; what has begun goes on.</param>
    /// <exception cref="GridException">Unavailable: a silo is away. What is left goes with the same call again.</exception>
    ValueTask<Erasure> EraseAsync(string tenant, string? entity = null, CancellationToken cancellationToken = default);
}
