using System.Diagnostics;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// Appends blocks of many shards in shared transactions. While one transaction is under way, blocks gather; the next one takes all
/// that wait, so batches grow with the load and nobody waits for a timer. A backend says how a batch is written and what its failures
/// mean. Thread-safe.
/// </summary>
internal abstract class GroupCommit(StoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
{
    /// <summary>How often a transaction that failed for no fault of its own is run again before its blocks are refused.</summary>
    private const int MaxAttempts = 4;

    private readonly Lock _lock = new();
    private readonly Queue<AppendRequest> _queue = new();
    private readonly LinkedList<AppendRequest> _line = new();
    private long _queueBytes;
    private bool _isDraining;

    /// <summary>The blocks of the commit under way, in the order of the calls.</summary>
    protected List<AppendRequest> Batch { get; } = [];

    protected StoreFaults? Faults { get; } = options.Faults;

    public Task<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        if (request.Payload.Length > options.QueueBytes)
        {
            throw new GridError(
                GridErrorCode.TooLarge,
                $"shard '{request.Shard}' block {request.Sequence}",
                $"has {request.Payload.Length} bytes, and the limit is {options.QueueBytes}.",
                "Append smaller blocks, or raise storage.queueBytes.").ToException();
        }

        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<AppendRequest>? place = null;
        lock (_lock)
        {
            if (_line.Count == 0 && HasRoom(request))
            {
                Admit(request);
            }
            else
            {
                place = _line.AddLast(request);
            }
        }

        return place is null || !cancellationToken.CanBeCanceled ? request.Done : WaitInLineAsync(place, cancellationToken);
    }

    /// <summary>Has <see cref="DrainAsync"/> run once, soon, elsewhere. Called under the queue's lock.</summary>
    /// <returns>False if the store is closed.</returns>
    protected abstract bool TryPost();

    /// <summary>The failure of a call on a closed store.</summary>
    protected abstract GridException Closed();

    /// <summary>Writes a range of the batch in one transaction, durable when this returns, and sets the outcome of each of its blocks.</summary>
    /// <param name="start">The first block.</param>
    /// <param name="count">How many.</param>
    /// <param name="beforeCommit">Called between the last statement and the commit; null without faults.</param>
    protected abstract ValueTask WriteAsync(int start, int count, Action? beforeCommit);

    /// <summary>True if the same statements may well succeed when they are run again.</summary>
    protected abstract bool IsTransient(Exception failure);

    /// <summary>True if no block can be to blame, and running the statements again at once is of no use.</summary>
    protected abstract bool IsAway(Exception failure);

    protected abstract GridError Describe(Exception failure);

    /// <summary>Commits what waits, up to one batch, and answers its callers. One at a time. Never throws: a failure is an answer.</summary>
    protected async Task DrainAsync()
    {
        lock (_lock)
        {
            long bytes = 0;
            while (_queue.TryPeek(out var next)
                && Batch.Count < options.BatchBlocks
                && (Batch.Count == 0 || bytes + next.Payload.Length <= options.BatchBytes))
            {
                bytes += next.Payload.Length;
                _queueBytes -= next.Payload.Length;
                Batch.Add(_queue.Dequeue());
            }

            while (_line.First is { } first && HasRoom(first.Value))
            {
                _line.RemoveFirst();
                Admit(first.Value);
            }
        }

        await CommitAsync(0, Batch.Count);
        Batch.Clear();

        lock (_lock)
        {
            // Posted anew for each batch, so that other work of the lane gets its turn in between.
            if (_queue.Count > 0)
            {
                Post();
            }
            else
            {
                _isDraining = false;
            }
        }
    }

    private async Task<AppendOutcome> WaitInLineAsync(LinkedListNode<AppendRequest> place, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() =>
        {
            lock (_lock)
            {
                // Once it has left the line it is as good as written.
                if (place.List is null)
                {
                    return;
                }

                _line.Remove(place);
            }

            place.Value.TakeBack(cancellationToken);
        });
        return await place.Value.Done;
    }

    private bool HasRoom(AppendRequest request) =>
        _queue.Count < options.QueueBlocks && (_queue.Count == 0 || _queueBytes + request.Payload.Length <= options.QueueBytes);

    private void Admit(AppendRequest request)
    {
        _queue.Enqueue(request);
        _queueBytes += request.Payload.Length;
        if (!_isDraining)
        {
            _isDraining = true;
            Post();
        }
    }

    private void Post()
    {
        if (TryPost())
        {
            return;
        }

        // The store is closing: nobody will come for these any more.
        _isDraining = false;
        foreach (var request in _queue.Concat(_line))
        {
            request.Fail(Closed());
        }

        _queue.Clear();
        _line.Clear();
        _queueBytes = 0;
    }

    private async ValueTask CommitAsync(int start, int count)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteOnceAsync(start, count);
                Answer(start, count);
                return;
            }
            catch (Exception failure)
            {
                // A failed commit may be durable all the same. The attempt after it finds its own blocks and counts them as committed.
                var isTransient = IsTransient(failure);
                var isAway = IsAway(failure);
                if (isTransient && !isAway && attempt < MaxAttempts)
                {
                    instruments.Retries.Add(1);
                    continue;
                }

                // What is away or stays away is no block's fault: looking for a culprit would only take long.
                if (count == 1 || isTransient || isAway)
                {
                    Refuse(start, count, failure is StoreFaultException fault
                        ? GridError.Unavailable("store", fault.Message, null, 1_000)
                        : Describe(failure));
                    return;
                }

                instruments.Retries.Add(1);
                await CommitAsync(start, count / 2);
                await CommitAsync(start + (count / 2), count - (count / 2));
                return;
            }
        }
    }

    private async ValueTask WriteOnceAsync(int start, int count)
    {
        var began = instruments.CommitDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        await WriteAsync(start, count, Faults is null ? null : () => BeforeCommit(start, count));
        Faults?.Reach(StoreFaultPoint.AfterCommit);
        if (began != 0)
        {
            instruments.CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        instruments.BatchSize.Record(count);
    }

    private void BeforeCommit(int start, int count)
    {
        if (Faults!.AnswerBeforeCommit)
        {
            Answer(start, count);
        }

        Faults.Reach(StoreFaultPoint.BeforeCommit);
    }

    private void Answer(int start, int count)
    {
        long bytes = 0;
        var fenced = 0;
        for (var i = start; i < start + count; i++)
        {
            var request = Batch[i];
            switch (request.Outcome.Status)
            {
                case AppendStatus.Committed:
                    bytes += request.Payload.Length;
                    durability.Committed(request.Shard, request.Sequence);
                    break;
                case AppendStatus.Fenced or AppendStatus.Unknown:
                    fenced++;
                    durability.OwnerChanged(request.Shard);
                    break;
            }

            request.Answer();
        }

        instruments.AppendedBytes.Add(bytes);
        if (fenced > 0)
        {
            instruments.Fenced.Add(fenced);
        }
    }

    private void Refuse(int start, int count, GridError error)
    {
        for (var i = start; i < start + count; i++)
        {
            Batch[i].Outcome = new AppendOutcome(AppendStatus.Refused, 0, 0, error);
            Batch[i].Answer();
        }

        instruments.Refused.Add(count);
    }
}
