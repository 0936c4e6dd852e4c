using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.PostgreSql;

namespace Grid.Bench.Writing;

/// <summary>Grid's store: blocks of many shards share a transaction, each checked against its epoch and sequence.</summary>
internal sealed class GroupCommitContender : IWriteContender
{
    private readonly PostgreSqlGridStore _store;
    private readonly string _folder;
    private readonly IReadOnlyList<ShardLease> _leases;
    private readonly long[] _sequences;

    private GroupCommitContender(PostgreSqlGridStore store, string folder, IReadOnlyList<ShardLease> leases) =>
        (_store, _folder, _leases, _sequences) = (store, folder, leases, new long[leases.Count]);

    public string Name => "Grid, group commit";

    public static async Task<GroupCommitContender> OpenAsync(string connection, int writers)
    {
        var folder = Directory.CreateTempSubdirectory("grid-bench-writes-").FullName;
        var store = await PostgreSqlGridStore.OpenAsync(new PostgreSqlStoreOptions { ConnectionString = connection, ArtifactFolder = folder }, CancellationToken.None);
        ShardKey[] shards = [.. Enumerable.Range(0, writers).Select(static i => new ShardKey("bench", $"t{i}", 0))];
        return new GroupCommitContender(store, folder, await store.Shards.TakeEpochsAsync(shards, "bench", CancellationToken.None));
    }

    public async Task WriteAsync(int writer, byte[] payload)
    {
        var lease = _leases[writer];
        var outcome = await _store.Shards.AppendAsync(lease.Shard, lease.Epoch, ++_sequences[writer], payload, CancellationToken.None);
        if (!outcome.IsCommitted)
        {
            throw new InvalidOperationException($"{lease.Shard}: block {_sequences[writer]} was not committed: {outcome}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
