using Grid.Storage.Sqlite;

namespace Grid.Storage.Tests.Backends;

/// <summary>A state folder of its own under the temporary folder.</summary>
public sealed class SqliteBackend : IStoreBackend
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("grid-storage-").FullName;

    public string DatabasePath => Path.Combine(Folder, SqliteGridStore.DatabaseName);

    public async Task<IGridStore> OpenAsync(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null) =>
        await SqliteGridStore.OpenAsync(Options(faults, time, grace), CancellationToken.None);

    public SqliteStoreOptions Options(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null) => new()
    {
        Folder = Folder,
        Faults = faults,
        Time = time ?? TimeProvider.System,
        SnapshotGrace = grace ?? TimeSpan.FromMinutes(5),
    };

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
