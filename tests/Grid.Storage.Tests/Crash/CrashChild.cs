using Grid.Storage.Sqlite;

namespace Grid.Storage.Tests.Crash;

/// <summary>
/// The other life of this assembly: started with a state folder in its environment it appends to a few shards until it is killed, and
/// prints <c>shard sequence</c> for each block that was acknowledged.
/// </summary>
internal static class CrashChild
{
    public const string FolderVariable = "GRID_STORAGE_CRASH_FOLDER";

    /// <summary>Answers before the commit, and stops for ever in the commit with this block: what was acknowledged is not there.</summary>
    public const string BrokenAtVariable = "GRID_STORAGE_CRASH_BROKEN_AT";

    public const int Shards = 4;
    public const int Pages = 8;

    /// <summary>Blocks between two snapshots of a shard.</summary>
    private const int SnapshotEvery = 25;

    /// <summary>Blocks of one shard that are under way together.</summary>
    private const int InFlight = 3;

    /// <returns>The exit code; null if this process is no such child.</returns>
    public static async Task<int?> RunIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return null;
        }

        await RunAsync(folder, Environment.GetEnvironmentVariable(BrokenAtVariable));
        return 1;
    }

    /// <summary>The last block up to a sequence that touches a page, which is what the page then holds.</summary>
    public static long LastOnPage(int page, long sequence) => sequence - ((sequence - page) % Pages + Pages) % Pages;

    private static async Task RunAsync(string folder, string? brokenAt)
    {
        var blocksLeft = brokenAt is null ? -1 : int.Parse(brokenAt, System.Globalization.CultureInfo.InvariantCulture);
        var faults = brokenAt is null ? null : new StoreFaults
        {
            AnswerBeforeCommit = true,
            Reached = (point, _, _) =>
            {
                if (point == StoreFaultPoint.BeforeCommit && --blocksLeft == 0)
                {
                    new ManualResetEventSlim().Wait(CancellationToken.None);
                }
            },
        };
        var store = await SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = folder, Faults = faults, SnapshotGrace = TimeSpan.Zero }, CancellationToken.None);
        var shards = brokenAt is null ? Shards : 1;
        var leases = await store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, shards).Select(Blocks.ShardOf)], "child", CancellationToken.None);
        await Task.WhenAll(leases.Select(lease => Task.Run(() => AppendForEverAsync(store, lease, brokenAt is null ? InFlight : 1))));
    }

    private static async Task AppendForEverAsync(SqliteGridStore store, ShardLease lease, int inFlight)
    {
        var image = await store.Shards.LoadAsync(lease, CancellationToken.None);
        var snapshotAt = image.Snapshot?.Sequence ?? 0;
        var snapshot = Task.CompletedTask;
        var waiting = new Queue<(long Sequence, Task<AppendOutcome> Append)>();
        for (var next = lease.LastSequence + 1; ; next++)
        {
            waiting.Enqueue((next, store.Shards.AppendAsync(lease.Shard, lease.Epoch, next, Blocks.Of(lease.Shard.Shard, next), CancellationToken.None).AsTask()));
            if (waiting.Count == inFlight)
            {
                var (sequence, append) = waiting.Dequeue();
                var outcome = await append;
                if (!outcome.IsCommitted)
                {
                    throw new InvalidOperationException($"block {sequence}: {outcome}");
                }

                lock (store)
                {
                    Console.Out.WriteLine($"{lease.Shard.Shard} {sequence}");
                    Console.Out.Flush();
                }
            }

            if (next - snapshotAt >= SnapshotEvery && snapshot.IsCompleted)
            {
                await snapshot;
                snapshot = SnapshotAsync(store, lease, snapshotAt, next);
                snapshotAt = next;
            }
        }
    }

    private static async Task SnapshotAsync(SqliteGridStore store, ShardLease lease, long before, long sequence)
    {
        var dirty = from page in Enumerable.Range(0, Pages)
                    let last = LastOnPage(page, sequence)
                    where last > before || before == 0
                    select new SnapshotPage(page, Blocks.Bytes($"page {page} at {last}"));
        var change = new SnapshotChange(sequence, Blocks.Bytes($"manifest {sequence}"), [.. dirty], [.. Enumerable.Range(0, Pages)]);
        var outcome = await store.Shards.WriteSnapshotAsync(lease.Shard, lease.Epoch, change, CancellationToken.None);
        if (outcome.Status != SnapshotStatus.Switched || outcome.Error is not null)
        {
            throw new InvalidOperationException($"snapshot {sequence}: {outcome}");
        }
    }
}
