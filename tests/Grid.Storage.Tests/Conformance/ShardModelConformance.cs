using CsCheck;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Any history of two owners on one shard is answered as the obvious model answers it.</summary>
public abstract class ShardModelConformance(IStoreBackend backend) : StoreConformance(backend)
{
    private enum Act
    {
        Take,
        Append,
        Snapshot,
        Confirm,
        Load,
    }

    // Owner 0 or 1; an offset of the sequence, mostly the right one; a number that makes the payload.
    private static readonly Gen<(Act Act, int Owner, int Offset, int Number)[]> s_histories =
        Gen.Select(
            Gen.Frequency((2, Gen.Const(Act.Take)), (10, Gen.Const(Act.Append)), (2, Gen.Const(Act.Snapshot)), (1, Gen.Const(Act.Confirm)), (1, Gen.Const(Act.Load))),
            Gen.Int[0, 1],
            Gen.Frequency((8, Gen.Const(0)), (1, Gen.Int[-3, -1]), (1, Gen.Int[1, 2])),
            Gen.Int[0, 1])
        .Array[1, 40];

    [Fact]
    public async Task AnyHistoryOfTwoOwners_IsAnsweredAsTheModelSays()
    {
        var store = await OpenAsync(grace: TimeSpan.Zero);
        var shards = 0;
        await s_histories.SampleAsync(
            async history => await FollowAsync(store, Interlocked.Increment(ref shards), history),
            iter: 150,
            threads: 2,
            print: static history => string.Join(" ", history.Select(static h => $"{h.Act}({h.Owner},{h.Offset},{h.Number})")));
    }

    private static async Task FollowAsync(IGridStore store, int number, (Act Act, int Owner, int Offset, int Number)[] history)
    {
        var shard = new Primitives.ShardKey("default", $"tenant-{number}", 0);
        var model = new ShardModel();
        var leases = new ShardLease?[2];
        foreach (var (act, owner, offset, content) in history)
        {
            var lease = leases[owner];
            if (act == Act.Take || lease is null)
            {
                leases[owner] = lease = await TakeAsync(store, shard, $"{owner}");
                Assert.Equal(model.Take(), (lease.Epoch, lease.LastSequence));
                continue;
            }

            var sequence = Math.Max(1, model.Last + offset + (act == Act.Append ? 1 : 0));
            switch (act)
            {
                case Act.Append:
                    Assert.Equal(model.Append(lease.Epoch, sequence, $"{content}"), await AppendAsync(store, lease, sequence, $"{content}"));
                    break;
                case Act.Snapshot:
                    // One beyond the last block would wait for it.
                    sequence = Math.Max(1, Math.Min(sequence, model.Last));
                    if (model.Last > 0)
                    {
                        var pages = new Dictionary<int, string> { [content] = $"{sequence}", [(int)sequence % 5] = $"page {sequence}" };
                        int[] live = [.. model.Pages.Union(pages.Keys)];
                        var expected = model.Snapshot(lease.Epoch, sequence, pages);
                        Assert.Equal(expected, await SnapshotAsync(store, lease, sequence, live, [.. pages.Select(static p => (p.Key, p.Value))]));
                    }

                    break;
                case Act.Confirm:
                    Assert.Equal(model.IsOwner(lease.Epoch), (await store.Shards.ConfirmAsync([lease], Token))[0].IsOwner);
                    break;
                case Act.Load when model.IsOwner(lease.Epoch):
                    Assert.Equal(model.ToString(), await DescribeAsync(store, lease));
                    break;
            }
        }

        var last = await TakeAsync(store, shard, "last");
        model.Take();
        Assert.Equal(model.ToString(), await DescribeAsync(store, last));
    }
}
