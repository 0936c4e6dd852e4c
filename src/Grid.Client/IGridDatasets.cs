using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client;

/// <summary>Training sets: logged vectors joined with their outcomes, so that nothing is in them that the model could not know.</summary>
public interface IGridDatasets
{
    /// <summary>Makes a training set and keeps it in the grid under its digest. What silos have buffered is in it.</summary>
    /// <param name="model">The model whose predictions are taken.</param>
    /// <param name="from">First as-of time, inclusive.</param>
    /// <param name="to">End, exclusive.</param>
    /// <param name="tenant">One tenant, or null for all.</param>
    /// <param name="version">One version, or null for all with the vector of the latest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GridException">NotFound: no prediction of the period has an outcome. FailedPrecondition: silos keep logs apart.</exception>
    ValueTask<Dataset> ExportAsync(string model, DateTimeOffset from, DateTimeOffset to, string? tenant = null, string? version = null, CancellationToken cancellationToken = default);

    /// <summary>Writes a training set to a file; it appears whole and with the right content, or not at all.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="path">The Parquet file; replaced where it is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask DownloadAsync(string digest, string path, CancellationToken cancellationToken = default);
}
