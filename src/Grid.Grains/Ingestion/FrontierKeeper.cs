using Grid.Storage;

namespace Grid.Grains.Ingestion;

/// <summary>Stores the row of one reader, one write at a time, so that none of two goes back behind the other.</summary>
internal sealed class FrontierKeeper(IFrontierStore store, FrontierRow row, RoutingTable routings) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>The row as it was last stored.</summary>
    public FrontierRow Row { get; private set; } = row;

    /// <summary>Stores a frontier, or the one that is there where that is higher, and a new routing, which holds once this has succeeded.</summary>
    public async Task<FrontierOutcome> StoreAsync(long frontier, EventRouting? added, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var next = routings.WriteTo(Row with { Frontier = Math.Max(frontier, Row.Frontier) }, added);
            var outcome = await store.StoreAsync(next, cancellationToken);
            if (outcome.IsStored)
            {
                Row = next;
                if (added is not null)
                {
                    routings.Add(added);
                }

                routings.Trim(next.Frontier);
            }

            return outcome;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();
}
