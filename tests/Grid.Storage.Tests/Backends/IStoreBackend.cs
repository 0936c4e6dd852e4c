using Grid.Primitives;

namespace Grid.Storage.Tests.Backends;

/// <summary>A place where stores of one kind are opened and opened again. Disposing it removes the place.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    /// <summary>Opens the store at this place; the one before must be disposed.</summary>
    Task<IGridStore> OpenAsync(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null);

    /// <summary>Replaces the stored bytes of an artifact behind the store's back.</summary>
    Task DamageArtifactAsync(Digest digest, byte[] content);

    /// <summary>Changes rows behind the store's back.</summary>
    /// <returns>How many.</returns>
    Task<int> ExecuteAsync(string sql);

    /// <summary>Counts the rows of a table.</summary>
    Task<long> CountAsync(string table);
}
