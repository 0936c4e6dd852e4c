namespace Grid.Storage;

/// <summary>The outcomes of predictions: one for each prediction. Safe for concurrent use.</summary>
public interface IOutcomeStore
{
    /// <summary>Records outcomes, all in one transaction that is durable when this returns.</summary>
    /// <returns>A verdict for each, in order.</returns>
    /// <exception cref="Primitives.GridException">InvalidArgument: an outcome has no identity or a value that is not finite; it is named by its index, and nothing was recorded.</exception>
    Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(string workspace, string tenant, IReadOnlyList<OutcomeRecord> outcomes, CancellationToken cancellationToken);

    /// <summary>Reads the outcomes of a model whose time lies in [from, to), ordered by time, then id.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="model">The model.</param>
    /// <param name="from">The first time, inclusive.</param>
    /// <param name="to">The end, exclusive.</param>
    /// <param name="after">The last outcome of the page before; null to start.</param>
    /// <param name="max">The most to return, 1 to 100,000.</param>
    Task<IReadOnlyList<StoredOutcome>> ReadAsync(
        string workspace,
        string tenant,
        string model,
        DateTimeOffset from,
        DateTimeOffset to,
        StoredOutcome? after,
        int max,
        CancellationToken cancellationToken);

    /// <summary>Removes the outcomes of a tenant, or those that name one of its entities. An outcome by prediction id alone names none. Where it breaks off, the same again goes on.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="entity">The entity; null for all outcomes of the tenant.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <returns>How many were there.</returns>
    Task<long> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken);

    /// <summary>Removes the outcomes of predictions. Where it breaks off, the same again goes on.</summary>
    /// <returns>How many were there.</returns>
    Task<long> EraseByIdAsync(string workspace, string tenant, IReadOnlyList<string> predictionIds, CancellationToken cancellationToken);
}
