using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Ownership;

/// <summary>
/// Takes the epochs of shards that wake. One transaction is under way at a time, and what is asked for meanwhile goes into the next together: after another
/// silo has died hundreds wake in the same second, and each transaction is a write that the store has to sync. Thread-safe.
/// </summary>
/// <param name="take">Takes an epoch of each of some shards, all different, in their order.</param>
internal sealed class EpochTaker(Func<IReadOnlyList<ShardKey>, Task<IReadOnlyList<ShardLease>>> take)
{
    /// <summary>Rows that one transaction locks: those that come after wait for some milliseconds at most.</summary>
    internal const int MostAtOnce = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = new();
    private bool _isTaking;

    /// <summary>Takes the next epoch of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellationToken">Ends the wait; an epoch that is being taken is taken.</param>
    /// <exception cref="GridException">The store could not, for this and for those that were asked for at the same time.</exception>
    public Task<ShardLease> TakeAsync(ShardKey shard, CancellationToken cancellationToken)
    {
        var request = new Request(shard, cancellationToken);
        lock (_lock)
        {
            _waiting.Enqueue(request);
            if (!_isTaking)
            {
                _isTaking = true;
                _ = Task.Run(TakeWaitingAsync, CancellationToken.None);
            }
        }

        return request.Taken.Task.WaitAsync(cancellationToken);
    }

    private async Task TakeWaitingAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                var leases = await take([.. batch.Select(static request => request.Shard)]);
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].Taken.SetResult(leases[i]);
                }
            }
            catch (Exception e)
            {
                // Each of them is told; the next may fare better.
                foreach (var request in batch)
                {
                    request.Taken.TrySetException(e);
                }
            }
        }
    }

    private List<Request> Next()
    {
        var batch = new List<Request>();
        var shards = new HashSet<ShardKey>();
        var later = new List<Request>();
        lock (_lock)
        {
            while (batch.Count < MostAtOnce && _waiting.TryDequeue(out var request))
            {
                if (request.CancellationToken.IsCancellationRequested)
                {
                    continue;
                }

                // A shard that wakes again before its first call was answered gets an epoch of its own.
                (shards.Add(request.Shard) ? batch : later).Add(request);
            }

            later.ForEach(_waiting.Enqueue);
            _isTaking = batch.Count > 0;
        }

        return batch;
    }

    private sealed record Request(ShardKey Shard, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<ShardLease> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
