using Grid.Primitives;
using Grid.Storage.PostgreSql;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.PostgreSql;

/// <summary>Options, migrations, and what else can be wrong before the first call.</summary>
public sealed class SchemaTests : IAsyncDisposable
{
    private readonly PostgreSqlBackend _backend = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task StoresThatOpenAtTheSameTime_MigrateOnce()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _backend.OpenBesideAsync()));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        var scripts = typeof(PostgreSqlGridStore).Assembly.GetManifestResourceNames().Count(static name => name.StartsWith("postgresql/", StringComparison.Ordinal));
        Assert.Equal(scripts, await _backend.CountAsync("grid_schema"));
        Assert.Equal(1, await _backend.CountAsync("catalogue_revision"));
    }

    [Fact]
    public async Task SchemaOfANewerBuild_IsRefusedByName()
    {
        await (await _backend.OpenAsync()).DisposeAsync();
        await _backend.ExecuteAsync("insert into grid_schema (scriptname, applied) values ('postgresql/9999_later.sql', now())");
        var error = await Assert.ThrowsAsync<GridException>(() => _backend.OpenAsync());
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("9999_later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SchemaOfAnotherProgram_IsRefusedByName_AndLeftAlone()
    {
        await _backend.ExecuteAsync($"create schema {_backend.Schema}");
        await _backend.ExecuteAsync("create table shop (id int)");
        var error = await Assert.ThrowsAsync<GridException>(() => _backend.OpenAsync());
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains(_backend.Schema, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await (await _backend.ServerAsync()).QueryAsync<long>($"select count(*) from pg_tables where schemaname = '{_backend.Schema}'"));
    }

    [Fact]
    public async Task DatabaseThatIsNotThere_IsNamedWithTheFix()
    {
        var server = await _backend.ServerAsync();
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<GridException>(() => PostgreSqlGridStore.OpenAsync(
            new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString.Replace("Database=postgres", "Database=nowhere", StringComparison.Ordinal), ArtifactFolder = folder.Path },
            Token));
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("Create the database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongOptions_AreAllNamedAtOnce_WithoutTheConnectionString()
    {
        var error = await Assert.ThrowsAsync<GridException>(() => PostgreSqlGridStore.OpenAsync(
            new PostgreSqlStoreOptions
            {
                ConnectionString = "Password=secret",
                ArtifactFolder = " ",
                Schema = "Grid; drop",
                Lanes = 33,
                ConnectTimeout = TimeSpan.Zero,
                CommandTimeout = TimeSpan.FromHours(1),
                BatchBlocks = 0,
            },
            Token));
        Assert.Equal(
            ["storage.connectionString", "storage.artifactFolder", "storage.schema", "storage.lanes", "storage.connectTimeout", "storage.commandTimeout", "storage.batchBlocks"],
            error.Errors.Select(static e => e.Target));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=h;Port=x")]
    [InlineData("Host=h;Nonsense=1")]
    [InlineData("")]
    public void UnreadableConnectionString_IsAMistake(string text)
    {
        var errors = new PostgreSqlStoreOptions { ConnectionString = text, ArtifactFolder = "f" }.Validate();
        Assert.Equal("storage.connectionString", Assert.Single(errors).Target);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(32, 60, 600)]
    public void OptionsAtTheirLimits_AreFine(int lanes, int connectSeconds, int commandSeconds) =>
        Assert.Empty(new PostgreSqlStoreOptions
        {
            ConnectionString = "Host=h",
            ArtifactFolder = "f",
            Lanes = lanes,
            ConnectTimeout = TimeSpan.FromSeconds(connectSeconds),
            CommandTimeout = TimeSpan.FromSeconds(commandSeconds),
        }.Validate());

    [Fact]
    public async Task TextsThatTheEngineCannotHold_ComeBackAsTheyWere()
    {
        string[] texts = ["a\0b", @"a\0b", "half \ud83d pair", "\udc00", "whole 😀", new string('x', 5_000)];
        await using var store = await _backend.OpenAsync();
        var now = DateTimeOffset.UnixEpoch;
        Assert.Equal(texts.Length, await store.DeadLetters.AddAsync([.. texts.Select(t => new DeadLetter("default", "acme", 0, "pushes", t, "schema", t, default, now))], Token));
        var read = await store.DeadLetters.ReadAsync("default", "acme", 0, 100, Token);
        Assert.Equal(texts, read.Select(static l => l.Letter.Position));
        Assert.Equal(texts, read.Select(static l => l.Letter.Message));

        await store.Outcomes.ReportAsync("default", "acme", [.. texts.Select(t => new OutcomeRecord(t, "m", t, now, 1, now))], Token);
        var outcomes = await store.Outcomes.ReadAsync("default", "acme", "m", now, now.AddDays(1), null, 100, Token);
        Assert.Equal(texts, outcomes.Select(static o => o.Record.PredictionId));
        Assert.Equal(texts, outcomes.Select(static o => o.Record.Entity));
    }

    [Fact]
    public async Task ArtifactOfOneProcess_IsFetchedByAnother_AndADamagedCopyIsReplaced()
    {
        var content = new byte[(2 << 20) + 17];
        new Random(5).NextBytes(content);
        await using var first = await _backend.OpenBesideAsync();
        await using var second = await _backend.OpenBesideAsync();
        var info = await first.Artifacts.PutAsync(new MemoryStream(content), content.Length, Token);
        Assert.True(await second.Artifacts.ExistsAsync(info.Digest, Token));
        var path = await second.Artifacts.VerifiedPathOfAsync(info.Digest, Token);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));

        await File.WriteAllBytesAsync(path, content[..100], Token);
        Assert.Equal(content, await File.ReadAllBytesAsync(await second.Artifacts.VerifiedPathOfAsync(info.Digest, Token), Token));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("grid-storage-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
