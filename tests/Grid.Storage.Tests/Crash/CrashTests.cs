using System.Diagnostics;
using System.Globalization;
using Grid.Storage.Sqlite;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Crash;

/// <summary>A process that is killed with SIGKILL in the middle of its work has lost nothing that it acknowledged.</summary>
public sealed class CrashTests
{
    private const int Seeds = 20;

    /// <summary>How many processes, one after the other, are killed on one folder.</summary>
    private const int Lives = 2;

    [Fact]
    public async Task KilledProcess_LosesNoAcknowledgedBlock()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var backend = new SqliteBackend();
            var random = new Random(seed);
            for (var life = 0; life < Lives; life++)
            {
                var enough = random.Next(1, 300);
                var acknowledged = await RunAndKillAsync(backend.Folder, null, lines => lines >= enough);
                await VerifyAsync(backend, acknowledged, $"seed {seed}, life {life}");
            }
        }
    }

    [Fact]
    public async Task KillTest_FailsWhenAnswersComeBeforeTheCommit()
    {
        const int brokenAt = 5;
        await using var backend = new SqliteBackend();
        var acknowledged = await RunAndKillAsync(backend.Folder, $"{brokenAt}", static lines => lines >= brokenAt);
        Assert.Equal(brokenAt, acknowledged[0]);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => VerifyAsync(backend, acknowledged, "broken"));
    }

    /// <returns>The last sequence that each shard's owner was told is durable.</returns>
    private static async Task<long[]> RunAndKillAsync(string folder, string? brokenAt, Func<int, bool> isEnough)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashTests).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[CrashChild.FolderVariable] = folder;
        if (brokenAt is not null)
        {
            start.Environment[CrashChild.BrokenAtVariable] = brokenAt;
        }

        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
        var acknowledged = new long[CrashChild.Shards];
        var lines = 0;
        var isKilled = false;

        // A child that hangs must not hang the tests.
        using var watchdog = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var registration = watchdog.Token.Register(child.Kill);
        while (await child.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            // The last line may be cut off by the kill, so only whole pairs count; a sequence cut short is a smaller claim.
            var parts = line.Split(' ');
            if (parts.Length == 2 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var sequence))
            {
                acknowledged[int.Parse(parts[0], CultureInfo.InvariantCulture)] = sequence;
            }

            if (!isKilled && isEnough(++lines))
            {
                isKilled = true;
                child.Kill();
            }
        }

        await child.WaitForExitAsync(CancellationToken.None);
        Assert.True(isKilled, $"the child ended by itself or hung after {lines} blocks: {await errors}");
        return acknowledged;
    }

    private static async Task VerifyAsync(SqliteBackend backend, long[] acknowledged, string about)
    {
        // Opening proves that the killed process no longer holds the folder.
        await using var store = await SqliteGridStore.OpenAsync(backend.Options(), CancellationToken.None);
        for (var shard = 0; shard < acknowledged.Length; shard++)
        {
            var lease = (await store.Shards.TakeEpochsAsync([Blocks.ShardOf(shard)], "verify", CancellationToken.None))[0];
            Assert.True(lease.LastSequence >= acknowledged[shard], $"{about}, shard {shard}: {acknowledged[shard]} was acknowledged, {lease.LastSequence} is the last");

            // Loading proves that nothing is missing, torn or out of order.
            var image = await store.Shards.LoadAsync(lease, CancellationToken.None);
            foreach (var block in image.Blocks)
            {
                Assert.True(block.Payload.Span.SequenceEqual(Blocks.Of(shard, block.Sequence)), $"{about}, shard {shard}: block {block.Sequence} has other bytes");
            }

            if (image.Snapshot is { } snapshot)
            {
                Assert.Equal($"manifest {snapshot.Sequence}", Blocks.Text(snapshot.Manifest));
                Assert.Equal(
                    Enumerable.Range(0, CrashChild.Pages).Select(p => $"page {p} at {CrashChild.LastOnPage(p, snapshot.Sequence)}"),
                    snapshot.Pages.Select(static p => Blocks.Text(p.Content)));
            }
        }
    }
}
