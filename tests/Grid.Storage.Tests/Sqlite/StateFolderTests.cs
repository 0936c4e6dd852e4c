using System.Runtime.Versioning;
using Grid.Primitives;
using Grid.Storage.Sqlite;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>State folders that cannot be used: each says what is wrong and what to do, and is left as it was.</summary>
public sealed class StateFolderTests : IAsyncDisposable
{
    private readonly SqliteBackend _backend = new();

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task FolderThatIsNotThere_IsCreated()
    {
        var folder = Path.Combine(_backend.Folder, "a", "b");
        await using var store = await SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = folder }, CancellationToken.None);
        Assert.Equal(folder, store.Folder);
        Assert.True(File.Exists(Path.Combine(folder, SqliteGridStore.DatabaseName)));
    }

    [Fact]
    public async Task FolderInUse_NamesItsHolder_AndIsFreeOnceThatIsDone()
    {
        var store = await _backend.OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => _backend.OpenAsync());
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains(_backend.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on host {Environment.MachineName}", error.Message, StringComparison.Ordinal);

        await store.DisposeAsync();
        await (await _backend.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task FailedOpening_GivesTheFolderBack()
    {
        await File.WriteAllTextAsync(_backend.DatabasePath, new string('x', 10_000), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<GridException>(() => _backend.OpenAsync());
        File.Delete(_backend.DatabasePath);
        await (await _backend.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task PathThatIsAFile_IsNamed()
    {
        var path = Path.Combine(_backend.Folder, "file");
        await File.WriteAllTextAsync(path, "x", TestContext.Current.CancellationToken);
        await AssertFailsAsync(path, GridErrorCode.FailedPrecondition, "is a file");
    }

    [Fact]
    public async Task FileThatIsNoDatabase_IsNamedAndLeftAlone()
    {
        var content = new string('x', 10_000);
        await File.WriteAllTextAsync(_backend.DatabasePath, content, TestContext.Current.CancellationToken);
        await AssertFailsAsync(_backend.Folder, GridErrorCode.FailedPrecondition, "is not a SQLite database");
        Assert.Equal(content, await File.ReadAllTextAsync(_backend.DatabasePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DatabaseOfAnotherProgram_IsNamedAndLeftAlone()
    {
        SqliteTable.Execute(_backend.DatabasePath, "create table recipes (id integer)");
        await AssertFailsAsync(_backend.Folder, GridErrorCode.FailedPrecondition, "database of another program");
        Assert.Equal(1, SqliteTable.Count(_backend.DatabasePath, "select count(*) from sqlite_schema"));
    }

    [Fact]
    public async Task DatabaseOfANewerBuild_NamesBothMigrations()
    {
        await (await _backend.OpenAsync()).DisposeAsync();
        SqliteTable.Execute(_backend.DatabasePath, "insert into grid_schema (ScriptName, Applied) values ('sqlite/9999_future.sql', '2030-01-01')");
        var error = await AssertFailsAsync(_backend.Folder, GridErrorCode.FailedPrecondition, "newer build");
        Assert.Contains("sqlite/9999_future.sql", error.Message, StringComparison.Ordinal);
        Assert.Contains("sqlite/0003_document.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondOpening_AppliesNoMigrationAgain()
    {
        await (await _backend.OpenAsync()).DisposeAsync();
        await (await _backend.OpenAsync()).DisposeAsync();
        var scripts = typeof(SqliteSchema).Assembly.GetManifestResourceNames().Count(static name => name.StartsWith("sqlite/", StringComparison.Ordinal));
        Assert.Equal(scripts, SqliteTable.Count(_backend.DatabasePath, "select count(*) from grid_schema"));
    }

    [Fact, SupportedOSPlatform("linux")]
    public void FolderWithoutPermission_NamesTheUserAndTheFix()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The thread's identity is Linux's own.");
        File.SetUnixFileMode(_backend.Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var error = Assert.IsType<GridException>(UnprivilegedThread.Run(() => StateFolder.Open(_backend.Folder).Dispose()));
        File.SetUnixFileMode(_backend.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains(_backend.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("write permission", error.Message, StringComparison.Ordinal);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task DatabaseThatMayOnlyBeRead_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The thread's identity is Linux's own.");
        await (await _backend.OpenAsync()).DisposeAsync();
        File.SetUnixFileMode(_backend.DatabasePath, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(_backend.Folder, (UnixFileMode)0b111_111_111);
        SqliteTable.Execute(_backend.DatabasePath, "delete from grid_schema");
        var error = Assert.IsType<GridException>(UnprivilegedThread.Run(() => SqliteSchema.Upgrade(_backend.DatabasePath)));
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOnlyFileSystem_IsNamed()
    {
        // /proc and /sys take no new files from anybody.
        Assert.SkipUnless(Directory.Exists("/sys/kernel"), "There is no /sys here.");
        var error = await Assert.ThrowsAsync<GridException>(() => SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = "/sys/kernel/grid" }, CancellationToken.None));
        Assert.Contains("/sys/kernel/grid", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Error.Fix);
    }

    [Fact]
    public async Task WrongOptions_AreAllNamedAtOnce()
    {
        var options = new SqliteStoreOptions
        {
            Folder = " ",
            QueueBlocks = 0,
            QueueBytes = 1,
            BatchBlocks = 100_001,
            BatchBytes = 0,
            SnapshotGrace = TimeSpan.FromDays(2),
            Synchronous = (SqliteSynchronous)9,
        };
        var error = await Assert.ThrowsAsync<GridException>(() => SqliteGridStore.OpenAsync(options, CancellationToken.None));
        Assert.Equal(
            ["storage.folder", "storage.synchronous", "storage.queueBlocks", "storage.queueBytes", "storage.batchBlocks", "storage.batchBytes", "storage.snapshotGrace"],
            error.Errors.Select(static e => e.Target));
        Assert.Empty(new SqliteStoreOptions { Folder = "x" }.Validate());
    }

    [Fact]
    public async Task TemporaryArtifactsOfAKilledProcess_AreSweptAtStart()
    {
        await (await _backend.OpenAsync()).DisposeAsync();
        var left = Path.Combine(_backend.Folder, "artifacts", "tmp", "left");
        await File.WriteAllTextAsync(left, "half", TestContext.Current.CancellationToken);
        await (await _backend.OpenAsync()).DisposeAsync();
        Assert.False(File.Exists(left));
    }

    private static async Task<GridException> AssertFailsAsync(string folder, GridErrorCode code, string message)
    {
        var error = await Assert.ThrowsAsync<GridException>(() => SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = folder }, CancellationToken.None));
        Assert.Equal(code, error.Code);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Error.Fix);
        return error;
    }
}
