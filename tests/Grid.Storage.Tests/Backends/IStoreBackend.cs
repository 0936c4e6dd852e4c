namespace Grid.Storage.Tests.Backends;

/// <summary>A place where stores of one kind are opened and opened again. Disposing it removes the place.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    /// <summary>Opens the store at this place; the one before must be disposed.</summary>
    Task<IGridStore> OpenAsync(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null);
}
