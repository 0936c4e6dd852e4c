using System.Collections.Concurrent;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>The steps of a snapshot, which are the same for every backend. Thread-safe.</summary>
internal abstract class SnapshotWriter(StoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
{
    private readonly ConcurrentDictionary<(ShardKey, long), bool> _active = new();

    public async Task<SnapshotOutcome> WriteAsync(ShardKey shard, long epoch, SnapshotChange change, CancellationToken cancellationToken)
    {
        ShardChecks.Require(shard);
        SnapshotPlan.Check(shard, change);
        if (!_active.TryAdd((shard, epoch), true))
        {
            throw new GridError(GridErrorCode.FailedPrecondition, $"shard '{shard}'", "is writing another snapshot.", "Wait for it before the next.").ToException();
        }

        try
        {
            return await WriteOnceAsync(shard, epoch, change, cancellationToken);
        }
        catch (GridException failure) when (failure.Code == GridErrorCode.Unavailable)
        {
            return new SnapshotOutcome(SnapshotStatus.Refused, 0, 0, failure.Error);
        }
        catch (StoreFaultException fault)
        {
            return new SnapshotOutcome(SnapshotStatus.Refused, 0, 0, GridError.Unavailable($"shard '{shard}'", fault.Message, null, 1_000));
        }
        finally
        {
            _active.TryRemove((shard, epoch), out _);
        }
    }

    /// <summary>Removes, in small transactions, what is no longer part of the shard: blocks that a snapshot covers, and pages that no manifest names.</summary>
    public async Task RemoveUnreferencedAsync(long ownerId, ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        while (await RemoveBlocksAsync(ownerId, epoch, cancellationToken))
        {
        }

        await RemovePagesAsync(ownerId, shard, epoch, cancellationToken);
    }

    /// <summary>The owner row, and the pages of the snapshot in force.</summary>
    protected abstract Task<(OwnerRow Owner, PageRef[] Before)> ReadBeforeAsync(ShardKey shard, CancellationToken cancellationToken);

    protected abstract Task<OwnerRow> ReadOwnerAsync(long ownerId, CancellationToken cancellationToken);

    /// <summary>Writes some dirty pages, replacing what an attempt before left.</summary>
    /// <returns>False if the epoch no longer holds the shard.</returns>
    protected abstract Task<bool> WritePagesAsync(SnapshotPlan plan, int start, int count, CancellationToken cancellationToken);

    /// <summary>Makes the plan the shard's snapshot, if the epoch holds the shard and the snapshot that the plan follows is still in force. Durable when it returns, with every page.</summary>
    protected abstract Task<bool> SwitchAsync(SnapshotPlan plan, CancellationToken cancellationToken);

    /// <summary>Removes some blocks that the snapshot covers.</summary>
    /// <returns>True if there may be more.</returns>
    protected abstract Task<bool> RemoveBlocksAsync(long ownerId, long epoch, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the pages that no manifest names, while the epoch holds: a page that a later owner is writing right now is garbage only
    /// to a reader of old manifests.
    /// </summary>
    protected abstract Task RemovePagesAsync(long ownerId, ShardKey shard, long epoch, CancellationToken cancellationToken);

    private async Task<SnapshotOutcome> WriteOnceAsync(ShardKey shard, long epoch, SnapshotChange change, CancellationToken cancellationToken)
    {
        // 1. What is there, and whether the change fits on it.
        var (owner, before) = await ReadBeforeAsync(shard, cancellationToken);
        if (owner.Epoch != epoch || change.Sequence <= owner.BaseSequence)
        {
            return Reject(owner, epoch);
        }

        var plan = new SnapshotPlan(shard, epoch, change, owner, before);

        // 2. The pages, beside the snapshot that is in force.
        for (var start = 0; start < change.DirtyPages.Count;)
        {
            var count = plan.CountOfChunk(start, options.BatchBytes);
            if (!await WritePagesAsync(plan, start, count, cancellationToken))
            {
                return Reject(await ReadOwnerAsync(owner.Id, cancellationToken), epoch);
            }

            if (instruments.SnapshotBytes.Enabled)
            {
                instruments.SnapshotBytes.Add(change.DirtyPages.Skip(start).Take(count).Sum(static page => (long)page.Content.Length));
            }

            start += count;
        }

        // 3. The block of its sequence must be durable before the log may be cut there.
        while (true)
        {
            using var waiter = durability.Register(shard, change.Sequence);
            var now = await ReadOwnerAsync(owner.Id, cancellationToken);
            if (now.Epoch != epoch)
            {
                return Reject(now, epoch);
            }

            if (now.LastSequence >= change.Sequence)
            {
                break;
            }

            await waiter.WaitAsync(cancellationToken);
        }

        options.Faults?.Reach(StoreFaultPoint.BeforeSwitch, shard, change.Sequence);

        // 4. The switch.
        if (!await SwitchAsync(plan, cancellationToken))
        {
            return Reject(await ReadOwnerAsync(owner.Id, cancellationToken), epoch);
        }

        // 5. What it superseded. From here on the snapshot stands, whatever happens.
        try
        {
            options.Faults?.Reach(StoreFaultPoint.AfterSwitch, shard, change.Sequence);
            await RemoveUnreferencedAsync(owner.Id, shard, epoch, CancellationToken.None);
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence);
        }
        catch (GridException failure)
        {
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence, failure.Error);
        }
        catch (StoreFaultException fault)
        {
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence, GridError.Unavailable($"shard '{shard}'", fault.Message, null, 1_000));
        }
    }

    private static SnapshotOutcome Reject(OwnerRow owner, long epoch) =>
        new(owner.Epoch == epoch ? SnapshotStatus.Stale : SnapshotStatus.Fenced, owner.Epoch, owner.BaseSequence);
}
