using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Artifacts: content addresses, limits, what an interrupted write leaves.</summary>
public abstract class ArtifactConformance(IStoreBackend backend) : StoreConformance(backend)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task StoredArtifact_IsReadBackByItsDigest(int size)
    {
        var content = Content(size);
        var store = await OpenAsync();
        var info = await store.Artifacts.PutAsync(new MemoryStream(content), size, Token);
        Assert.Equal(new ArtifactInfo(Digest.Of(content), size), info);

        store = await ReopenAsync(store);
        Assert.True(await store.Artifacts.ExistsAsync(info.Digest, Token));
        Assert.Equal(content, await ReadAsync(store, info.Digest));
        Assert.Equal(content, await File.ReadAllBytesAsync(await store.Artifacts.VerifiedPathOfAsync(info.Digest, Token), Token));
    }

    [Fact]
    public async Task SameContentTwice_IsOneArtifact()
    {
        var store = await OpenAsync();
        var first = await store.Artifacts.PutAsync(new MemoryStream(Content(5_000)), 5_000, Token);
        var infos = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Artifacts.PutAsync(new MemoryStream(Content(5_000)), 5_000, Token)));
        Assert.All(infos, i => Assert.Equal(first, i));
    }

    [Fact]
    public async Task ContentOverTheLimit_IsTooLargeAndNotStored()
    {
        var content = Content(100_001);
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.Artifacts.PutAsync(new MemoryStream(content), 100_000, Token));
        Assert.Equal(GridErrorCode.TooLarge, error.Code);
        Assert.Contains("100000 bytes", error.Message, StringComparison.Ordinal);
        Assert.False(await store.Artifacts.ExistsAsync(Digest.Of(content), Token));
    }

    [Fact]
    public async Task UnknownDigest_IsNotFoundByName()
    {
        var digest = Digest.Of(Content(3));
        var store = await OpenAsync();
        Assert.False(await store.Artifacts.ExistsAsync(digest, Token));
        var error = await Assert.ThrowsAsync<GridException>(() => store.Artifacts.OpenAsync(digest, Token));
        Assert.Equal(GridErrorCode.NotFound, error.Code);
        Assert.Contains(digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(await store.Artifacts.ExistsAsync(default, Token));
        Assert.Equal(GridErrorCode.InvalidArgument, (await Assert.ThrowsAsync<GridException>(() => store.Artifacts.OpenAsync(default, Token))).Code);
    }

    [Fact]
    public async Task DamagedArtifact_IsFoundAtItsEnd_AndMendedByStoringItAgain()
    {
        var content = Content(300_000);
        var store = await OpenAsync();
        var info = await store.Artifacts.PutAsync(new MemoryStream(content), content.Length, Token);
        foreach (var damaged in new[] { Flip(content), content[..^1], [.. content, 0], [] })
        {
            await Backend.DamageArtifactAsync(info.Digest, damaged);
            var error = await Assert.ThrowsAsync<GridException>(() => ReadAsync(store, info.Digest));
            Assert.Equal(GridErrorCode.Corrupt, error.Code);
            Assert.Contains(info.Digest.ToString(), error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<GridException>(() => store.Artifacts.VerifiedPathOfAsync(info.Digest, Token));

            await store.Artifacts.PutAsync(new MemoryStream(content), content.Length, Token);
            Assert.Equal(content, await ReadAsync(store, info.Digest));
        }
    }

    [Fact]
    public async Task InterruptedWrite_IsNeverVisible()
    {
        var content = Content(1_000);
        var store = await OpenAsync(new StoreFaults
        {
            Reached = static (point, _, _) =>
            {
                if (point == StoreFaultPoint.ArtifactBeforeRename)
                {
                    throw new StoreFaultException("crash", isTransient: false);
                }
            },
        });
        await Assert.ThrowsAsync<StoreFaultException>(() => store.Artifacts.PutAsync(new MemoryStream(content), 1_000, Token));
        Assert.False(await store.Artifacts.ExistsAsync(Digest.Of(content), Token));
    }

    [Fact]
    public async Task SenderThatBreaksOff_IsToBlame_AndNothingIsStored()
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.Artifacts.PutAsync(new BreakingStream(Content(1_000)), 5_000, Token));
        Assert.Equal((GridErrorCode.Unavailable, "artifact"), (error.Code, error.Error.Target));
        Assert.Contains("line dropped", error.Message, StringComparison.Ordinal);
        Assert.False(await store.Artifacts.ExistsAsync(Digest.Of(Content(1_000)), Token));
    }

    [Fact]
    public async Task RemovedArtifact_IsGone_AlsoForTheNextProcess_AndMayComeAnew()
    {
        var store = await OpenAsync();
        var gone = await store.Artifacts.PutAsync(new MemoryStream(Content(3_000_000)), 3_000_000, Token);
        var kept = await store.Artifacts.PutAsync(new MemoryStream(Content(10)), 10, Token);
        await using (var reader = await store.Artifacts.OpenAsync(gone.Digest, Token))
        {
            await store.Artifacts.RemoveAsync(gone.Digest, Token);
            await store.Artifacts.RemoveAsync(gone.Digest, Token);
            Assert.True(await reader.ReadAsync(new byte[1], Token) == 1, "Who has it open keeps it.");
        }

        store = await ReopenAsync(store);
        Assert.False(await store.Artifacts.ExistsAsync(gone.Digest, Token));
        Assert.Equal(GridErrorCode.NotFound, (await Assert.ThrowsAsync<GridException>(() => store.Artifacts.OpenAsync(gone.Digest, Token))).Code);
        Assert.Equal(Content(10), await ReadAsync(store, kept.Digest));
        await store.Artifacts.PutAsync(new MemoryStream(Content(3_000_000)), 3_000_000, Token);
        Assert.Equal(Content(3_000_000), await ReadAsync(store, gone.Digest));
    }

    [Fact]
    public async Task Artifacts_AreFoundByHowTheyBegin()
    {
        var store = await OpenAsync();
        foreach (var text in (string[])["PAR1 and more", "PAR1", "PAR", "", "other PAR1"])
        {
            await store.Artifacts.PutAsync(new MemoryStream(Blocks.Bytes(text).ToArray()), 100, Token);
        }

        var found = await store.Artifacts.FindAsync("PAR1"u8.ToArray(), Token);
        Assert.Equal(new HashSet<Digest>([Digest.Of("PAR1 and more"u8), Digest.Of("PAR1"u8)]), found.ToHashSet());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Artifacts.FindAsync(default, Token));
    }

    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flip(byte[] content)
    {
        var flipped = (byte[])content.Clone();
        flipped[flipped.Length / 2] ^= 1;
        return flipped;
    }

    /// <summary>A connection that is gone where the content should end.</summary>
    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("line dropped");
    }

    private static async Task<byte[]> ReadAsync(IGridStore store, Digest digest)
    {
        await using var stream = await store.Artifacts.OpenAsync(digest, Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
