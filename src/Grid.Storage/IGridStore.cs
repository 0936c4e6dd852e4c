namespace Grid.Storage;

/// <summary>All stores of one grid, on one backend. Safe for concurrent use. Disposing it finishes what was accepted.</summary>
public interface IGridStore : IAsyncDisposable
{
    IShardStore Shards { get; }

    ICatalogueStore Catalogue { get; }

    IArtifactStore Artifacts { get; }

    IDeadLetterStore DeadLetters { get; }

    IOutcomeStore Outcomes { get; }

    IFrontierStore Frontiers { get; }

    IDocumentStore Documents { get; }
}
