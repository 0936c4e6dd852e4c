using Grid.Primitives;
using Grid.Storage.Predictions;
using Grid.TestKit;

namespace Grid.Storage.Tests.Predictions;

public sealed class PredictionLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _folder.Sub("log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flushed_IsFoundByIdBitForBit_AlsoByTheNextProcess()
    {
        float[] odd = [-0f, BitConverter.Int32BitsToSingle(unchecked((int)0xFFC12345)), float.PositiveInfinity, float.Epsilon, 0f, -1.5f];
        var layout = Logged.Of("1", "a", "b", "c", "d", "e", "f");
        var rows = Enumerable.Range(0, 40).Select(i => Logged.Row(i, "acme.eu", layout: layout, vector: [.. odd.Select((_, at) => odd[(at + i) % odd.Length])])).ToArray();
        await using (var log = Open())
        {
            Assert.All(rows, row => Assert.True(log.TryAdd(row)));
            await log.FlushAsync(Token);
            Assert.Equal((40, 0, 0), (log.Status.Written, log.Status.Dropped, log.Status.BufferedBytes));
        }

        await using var again = Open();
        foreach (var row in rows)
        {
            var found = await again.Files.FindAsync("default", row.Id, Token);
            Assert.NotNull(found);
            Assert.Equal(row.Vector.Select(BitConverter.SingleToInt32Bits), found.Vector.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(row.Output, found.Output);
            Assert.Equal((row.Tenant, row.Entity, row.TimeMs, row.AtMs, row.Revision, row.LatencyUs), (found.Tenant, found.Entity, found.TimeMs, found.AtMs, found.Revision, found.LatencyUs));
            Assert.Equal((layout.Version, layout.Digest, layout.Views, layout.Runtime), (found.Layout.Version, found.Layout.Digest, found.Layout.Views, found.Layout.Runtime));
            Assert.Equal(layout.Outputs, found.Layout.Outputs);
        }

        Assert.Null(await again.Files.FindAsync("default", Logged.Id(99, "acme.eu", rows[0].TimeMs), Token));
        await Assert.ThrowsAsync<GridException>(() => again.Files.FindAsync("default", "no id", Token));

        // Clean ends leave no gap.
        await again.FlushAsync(Token);
        Assert.Empty(await GapsAsync(again));
    }

    [Fact]
    public async Task Disposed_WritesWhatWaited_ByTenantModelAndDay()
    {
        await using (var log = Open())
        {
            log.TryAdd(Logged.Row(1, "a"));
            log.TryAdd(Logged.Row(2, "b"));
            log.TryAdd(Logged.Row(3, "a", time: Logged.Day.AddTicks(-1)));
        }

        Assert.Equal(
            ["default/a/risk/2001-02-02", "default/a/risk/2001-02-03", "default/b/risk/2001-02-03"],
            Directory.GetFiles(Folder, "*.parquet", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FullBuffer_DropsAtOnce_AndTheGapIsRecordedWithItsCount()
    {
        await using var log = Open(o => o.BufferBytes = 64 << 10);
        var kept = 0;
        var dropped = 0;
        for (var i = 0; i < 1000; i++)
        {
            _ = log.TryAdd(Logged.Row(i)) ? kept++ : dropped++;
        }

        Assert.True(kept > 50 && dropped > 50, $"{kept} kept, {dropped} dropped");
        await log.FlushAsync(Token);
        Assert.Equal((kept, dropped, 0), (log.Status.Written, log.Status.Dropped, log.Status.BufferedBytes));
        var gap = Assert.Single(await GapsAsync(log));
        Assert.Equal((PredictionGapReason.BufferFull, "default", "t", "risk", (long?)dropped), (gap.Reason, gap.Workspace, gap.Tenant, gap.Model, gap.Rows));

        // There is room again.
        Assert.True(log.TryAdd(Logged.Row(1001)));
    }

    [Fact]
    public async Task FullDisk_TakesPredictionsOn_AndWritesThemWhenThereIsSpace()
    {
        using var disk = SmallDisk.TryMount(2 << 20);
        Assert.SkipWhen(disk is null, "Only root on Linux may mount a small disk.");
        await using var log = PredictionLog.Open(new PredictionLogOptions { Folder = Path.Combine(disk.Path, "log"), MaxAge = TimeSpan.FromHours(1) });
        var ballast = Path.Combine(disk.Path, "ballast");
        Fill(ballast);

        for (var i = 0; i < 200; i++)
        {
            Assert.True(log.TryAdd(Logged.Row(i)));
        }

        var error = await Assert.ThrowsAsync<GridException>(() => log.FlushAsync(Token));
        Assert.Equal(GridErrorCode.Unavailable, error.Code);
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.True(log.TryAdd(Logged.Row(200)));
        Assert.Equal(0, log.Status.Written);
        Assert.NotNull(log.Status.Error);

        File.Delete(ballast);
        await log.FlushAsync(Token);
        Assert.Equal((201, 0), (log.Status.Written, log.Status.Dropped));
        Assert.Null(log.Status.Error);
    }

    [Fact]
    public async Task WriterThatIsGone_LeavesAGap_OneThatLivesDoesNot()
    {
        // What a killed process leaves: its mark without its lock, and a file that never moved into place.
        var mark = Path.Combine(Folder, WriterMark.FolderName, "killed");
        Directory.CreateDirectory(mark);
        await File.WriteAllTextAsync(Path.Combine(mark, "open"), "0001700000000000", Token);
        await File.WriteAllTextAsync(Path.Combine(mark, "half.parquet.tmp"), "half", Token);

        await using var living = Open();
        living.TryAdd(Logged.Row(1));
        await using var other = Open();
        await living.FlushAsync(Token);
        await other.FlushAsync(Token);

        var gap = Assert.Single(await GapsAsync(other));
        Assert.Equal((PredictionGapReason.Crash, "killed", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), (long?)null), (gap.Reason, gap.Writer, gap.From, gap.Rows));
        Assert.False(Directory.Exists(mark));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(Folder, WriterMark.FolderName)).Length);
    }

    [Fact]
    public async Task Erase_TakesAnEntity_OrAWholeTenant_AndNothingElse()
    {
        await using var log = Open();
        for (var i = 0; i < 30; i++)
        {
            log.TryAdd(Logged.Row(i, entity: i % 3 == 0 ? "gone" : "stays"));
            log.TryAdd(Logged.Row(i, "other", entity: "gone"));
        }

        await log.FlushAsync(Token);
        log.TryAdd(Logged.Row(30, entity: "gone"));
        Assert.Equal(11, await log.EraseAsync("default", "t", "gone", cancellationToken: Token));
        Assert.Equal(0, await log.EraseAsync("default", "t", "gone", cancellationToken: Token));
        Assert.Null(await log.Files.FindAsync("default", Logged.Row(0).Id, Token));
        Assert.NotNull(await log.Files.FindAsync("default", Logged.Row(1).Id, Token));
        Assert.Equal(20, await log.EraseAsync("default", "t", cancellationToken: Token));
        Assert.NotNull(await log.Files.FindAsync("default", Logged.Row(0, "other").Id, Token));
    }

    [Fact]
    public async Task Erase_TellsTheIdsBeforeTheyLeave_AndKeepsThemWhereItIsStopped()
    {
        await using var log = Open();
        for (var i = 0; i < 6; i++)
        {
            log.TryAdd(Logged.Row(i, entity: i % 3 == 0 ? "gone" : "stays"));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => log.EraseAsync("default", "t", "gone", static _ => throw new InvalidOperationException("The store is away."), Token));
        Assert.NotNull(await log.Files.FindAsync("default", Logged.Row(0).Id, Token));
        var told = new List<string>();
        Assert.Equal(2, await log.EraseAsync("default", "t", "gone", TellAsync, Token));
        Assert.Equal(0, await log.EraseAsync("default", "t", "gone", TellAsync, Token));
        Assert.Equal([Logged.Row(0).Id, Logged.Row(3).Id], told);

        async Task TellAsync(IReadOnlyList<string> ids)
        {
            Assert.NotNull(await log.Files.FindAsync("default", ids[0], Token));
            told.AddRange(ids);
        }
    }

    [Fact]
    public async Task Retention_GoesByTheTimeOfWriting()
    {
        await using var log = Open();
        log.TryAdd(Logged.Row(1));
        await log.FlushAsync(Token);
        log.Files.DeleteBefore(DateTimeOffset.UtcNow.AddHours(-1));
        Assert.NotNull(await log.Files.FindAsync("default", Logged.Row(1).Id, Token));
        log.Files.DeleteBefore(DateTimeOffset.UtcNow.AddHours(1));
        Assert.Null(await log.Files.FindAsync("default", Logged.Row(1).Id, Token));
        log.TryAdd(Logged.Row(1));
        await log.FlushAsync(Token);
        Assert.NotNull(await log.Files.FindAsync("default", Logged.Row(1).Id, Token));
    }

    [Fact]
    public void Share_ChoosesById_ByModelWhereNamed()
    {
        var shares = new PredictionShares { Default = 0.25, Models = { ["default/all"] = 1, ["default/none"] = 0 } };
        var ids = Enumerable.Range(0, 4000).Select(i => Logged.Id(i, "t", i)).ToArray();
        Assert.InRange(ids.Count(id => PredictionShares.Has(shares.Of(new ModelKey("default", "risk")), id)), 800, 1200);
        Assert.All(ids, id => Assert.True(PredictionShares.Has(shares.Of(new ModelKey("default", "all"), 0), id)));
        Assert.All(ids, id => Assert.False(PredictionShares.Has(shares.Of(new ModelKey("default", "none"), 1), id)));
    }

    [Fact]
    public async Task DamagedFile_IsNamed()
    {
        await using var log = Open();
        log.TryAdd(Logged.Row(1));
        await log.FlushAsync(Token);
        var path = Assert.Single(Directory.GetFiles(Folder, "*.parquet", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(path, "no parquet at all", Token);
        var error = await Assert.ThrowsAsync<GridException>(() => log.Files.FindAsync("default", Logged.Row(1).Id, Token));
        Assert.Equal(GridErrorCode.Corrupt, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsOutOfRange_AreAllNamed()
    {
        var error = Assert.Throws<GridException>(() => PredictionLog.Open(new PredictionLogOptions { BufferBytes = 1, FileRows = 0, MaxAge = TimeSpan.Zero, RetentionDays = -1 }));
        Assert.Equal(
            ["predictions.folder", "predictions.bufferBytes", "predictions.fileRows", "predictions.maxAge", "predictions.retentionDays"],
            error.Errors.Select(static e => e.Target));
        var shares = new PredictionShares { Default = double.NaN, Models = { ["default/m"] = 1.1, ["default/n"] = 1 } };
        Assert.Equal(["predictions.share", "predictions.shares['default/m']"], shares.Validate().Select(static e => e.Target));
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // That is the aim.
        }
    }

    private static async Task<IReadOnlyList<PredictionGap>> GapsAsync(PredictionLog log) =>
        await log.Files.GapsAsync("default", "risk", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Token);

    /// <summary>A log that writes when it is told to.</summary>
    private PredictionLog Open(Action<PredictionLogOptions>? configure = null)
    {
        var options = new PredictionLogOptions { Folder = Folder, MaxAge = TimeSpan.FromHours(1) };
        configure?.Invoke(options);
        return PredictionLog.Open(options);
    }
}
