using Grid.Primitives;
using Grid.Storage.Sqlite;
using Grid.Storage.Tests.Sqlite;

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

    public Task DamageArtifactAsync(Digest digest, byte[] content) =>
        File.WriteAllBytesAsync(Path.Combine(Folder, "artifacts", "sha256", digest.Hex[..2], digest.Hex), content);

    public Task<int> ExecuteAsync(string sql) => Task.FromResult(SqliteTable.Execute(DatabasePath, sql));

    public Task<long> CountAsync(string table) => Task.FromResult(SqliteTable.Count(DatabasePath, $"select count(*) from {table}"));

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
