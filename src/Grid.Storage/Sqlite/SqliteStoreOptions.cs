using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>How a <see cref="SqliteGridStore"/> works. Immutable once the store is open.</summary>
public sealed class SqliteStoreOptions : StoreOptions
{
    /// <summary>The state folder; created if it is not there. Required.</summary>
    public required string Folder { get; init; }

    /// <summary>When a commit waits for the disk. Default: <see cref="SqliteSynchronous.Full"/>.</summary>
    public SqliteSynchronous Synchronous { get; init; } = SqliteSynchronous.Full;

    private protected override void CheckOwn(List<GridError> errors)
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            errors.Add(GridError.Invalid("storage.folder", "is empty.", "Name the folder that shall hold the state."));
        }

        if (!Enum.IsDefined(Synchronous))
        {
            errors.Add(GridError.Invalid("storage.synchronous", $"is {(int)Synchronous}.", "Use Full or Normal."));
        }
    }
}
