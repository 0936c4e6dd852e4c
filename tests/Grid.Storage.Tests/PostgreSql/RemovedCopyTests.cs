using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.PostgreSql;

/// <summary>An artifact that one process removes leaves every process's folder.</summary>
public sealed class RemovedCopyTests : IAsyncDisposable
{
    private readonly PostgreSqlBackend _backend = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task CopyOfAnotherProcess_GoesWithItsOwnCall_OrWithItsNextStart()
    {
        await using var remover = await _backend.OpenBesideAsync();
        await using var beside = await _backend.OpenBesideAsync();
        var stopped = await _backend.OpenAsync();
        var gone = await remover.Artifacts.PutAsync(new MemoryStream([1, 2, 3]), 3, Token);
        var kept = await remover.Artifacts.PutAsync(new MemoryStream([4]), 1, Token);
        string[] copies = [await beside.Artifacts.VerifiedPathOfAsync(gone.Digest, Token), await stopped.Artifacts.VerifiedPathOfAsync(gone.Digest, Token)];
        var other = await stopped.Artifacts.VerifiedPathOfAsync(kept.Digest, Token);
        await stopped.DisposeAsync();

        await remover.Artifacts.RemoveAsync(gone.Digest, Token);
        Assert.False(await beside.Artifacts.ExistsAsync(gone.Digest, Token));
        await beside.Artifacts.RemoveAsync(gone.Digest, Token);
        Assert.Equal((false, true), (File.Exists(copies[0]), File.Exists(copies[1])));

        await (await _backend.OpenAsync()).DisposeAsync();
        Assert.Equal((false, true), (File.Exists(copies[1]), File.Exists(other)));
    }
}
