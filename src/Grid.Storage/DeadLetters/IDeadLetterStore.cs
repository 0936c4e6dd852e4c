namespace Grid.Storage;

/// <summary>What was set aside. Safe for concurrent use.</summary>
public interface IDeadLetterStore
{
    /// <summary>Adds letters, durable when this returns. A letter that is there already, by its identity, stays as it is.</summary>
    /// <returns>How many were new.</returns>
    Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    /// <summary>Reads a tenant's letters in the order of arrival.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="afterId">The last id of the page before; 0 to start.</param>
    /// <param name="max">The most to return, 1 to 10,000.</param>
    Task<IReadOnlyList<StoredDeadLetter>> ReadAsync(string workspace, string tenant, long afterId, int max, CancellationToken cancellationToken);
}
