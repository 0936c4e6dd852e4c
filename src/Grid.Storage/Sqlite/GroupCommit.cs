using System.Diagnostics;
using Grid.Primitives;
using Microsoft.Data.Sqlite;

namespace Grid.Storage.Sqlite;

/// <summary>
/// Appends blocks of many shards in shared transactions. While one transaction waits for the disk, blocks gather; the next one takes
/// all that wait, so batches grow with the load and nobody waits for a timer. Thread-safe.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>How often a transaction that failed for no fault of its own is run again before its blocks are refused.</summary>
    private const int MaxAttempts = 4;

    private readonly Lock _lock = new();
    private readonly Queue<AppendRequest> _queue = new();
    private readonly LinkedList<AppendRequest> _line = new();
    private readonly Dictionary<ShardKey, long> _ownerIds = [];
    private readonly List<AppendRequest> _batch = [];
    private readonly SqliteLane _lane;
    private readonly string _path;
    private readonly SqliteStoreOptions _options;
    private readonly StoreFaults? _faults;
    private readonly DurabilityWatch _durability;
    private readonly StoreInstruments _instruments;
    private readonly Action<SqliteDatabase> _drain;
    private long _queueBytes;
    private bool _isDraining;

    public GroupCommit(SqliteLane lane, string path, SqliteStoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
    {
        _lane = lane;
        _path = path;
        _options = options;
        _faults = options.Faults;
        _durability = durability;
        _instruments = instruments;
        _drain = Drain;
    }

    public Task<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        if (request.Payload.Length > _options.QueueBytes)
        {
            throw new GridError(
                GridErrorCode.TooLarge,
                $"shard '{request.Shard}' block {request.Sequence}",
                $"has {request.Payload.Length} bytes, and the limit is {_options.QueueBytes}.",
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
        _queue.Count < _options.QueueBlocks && (_queue.Count == 0 || _queueBytes + request.Payload.Length <= _options.QueueBytes);

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
        if (_lane.TryPost(_drain))
        {
            return;
        }

        // The store is closing: nobody will come for these any more.
        _isDraining = false;
        foreach (var request in _queue.Concat(_line))
        {
            request.Fail(SqliteLane.Closed(_path));
        }

        _queue.Clear();
        _line.Clear();
        _queueBytes = 0;
    }

    private void Drain(SqliteDatabase database)
    {
        lock (_lock)
        {
            long bytes = 0;
            while (_queue.TryPeek(out var next)
                && _batch.Count < _options.BatchBlocks
                && (_batch.Count == 0 || bytes + next.Payload.Length <= _options.BatchBytes))
            {
                bytes += next.Payload.Length;
                _queueBytes -= next.Payload.Length;
                _batch.Add(_queue.Dequeue());
            }

            while (_line.First is { } first && HasRoom(first.Value))
            {
                _line.RemoveFirst();
                Admit(first.Value);
            }
        }

        Commit(database, 0, _batch.Count);
        _batch.Clear();

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

    /// <summary>Commits a range of the batch and answers its callers. Never throws: a failure is an answer.</summary>
    private void Commit(SqliteDatabase database, int start, int count)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                WriteOnce(database, start, count);
                Answer(start, count);
                return;
            }
            catch (Exception failure)
            {
                // A failed commit may be durable all the same. The attempt after it finds its own blocks and counts them as committed.
                if (attempt < MaxAttempts && IsTransient(failure))
                {
                    _instruments.Retries.Add(1);
                    continue;
                }

                // A full disk, or one that stays away, is no block's fault: looking for a culprit would only take long.
                if (count == 1 || IsTransient(failure) || failure is SqliteException { } full && SqliteErrors.IsDiskFull(full))
                {
                    Refuse(start, count, Describe(failure));
                    return;
                }

                _instruments.Retries.Add(1);
                Commit(database, start, count / 2);
                Commit(database, start + (count / 2), count - (count / 2));
                return;
            }
        }
    }

    private void WriteOnce(SqliteDatabase database, int start, int count)
    {
        var began = _instruments.CommitDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        database.Write(
            db =>
            {
                for (var i = start; i < start + count; i++)
                {
                    _batch[i].Outcome = AppendOne(db, _batch[i]);
                }

                return count;
            },
            _faults is null ? null : () => BeforeCommit(start, count));
        _faults?.Reach(StoreFaultPoint.AfterCommit);
        if (began != 0)
        {
            _instruments.CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        _instruments.BatchSize.Record(count);
    }

    private void BeforeCommit(int start, int count)
    {
        if (_faults!.AnswerBeforeCommit)
        {
            Answer(start, count);
        }

        _faults.Reach(StoreFaultPoint.BeforeCommit);
    }

    private AppendOutcome AppendOne(SqliteDatabase database, AppendRequest request)
    {
        var ownerId = OwnerId(database, request.Shard);
        if (ownerId == 0)
        {
            return new AppendOutcome(AppendStatus.Fenced, 0, 0);
        }

        var update = database.Statement(_faults is { IgnoreEpoch: true } ? UpdateOwnerOfAnyEpoch : UpdateOwner);
        var updated = update.Bind(1, request.Sequence).Bind(2, ownerId).Bind(3, request.Epoch).Run();
        if (updated == 0)
        {
            return Judge(database, ownerId, request);
        }

        _faults?.Reach(StoreFaultPoint.BlockInsert, request.Shard, request.Sequence);
        var payload = _faults?.TearBlock is { } tear ? tear(request.Shard, request.Sequence, request.Payload) : request.Payload;
        database.Statement(InsertBlock)
            .Bind(1, LogPosition.Of(ownerId, request.Sequence))
            .Bind(2, request.Epoch)
            .Bind(3, RowChecksum.Format)
            .Bind(4, request.Checksum)
            .Bind(5, payload.Span)
            .Run();
        return new AppendOutcome(AppendStatus.Committed, request.Epoch, request.Sequence);
    }

    /// <summary>Why a block moved nothing, read by later statements.</summary>
    private static AppendOutcome Judge(SqliteDatabase database, long ownerId, AppendRequest request)
    {
        var owner = OwnerRow.Read(database, ownerId);
        var block = database.Statement(SelectBlock).Bind(1, LogPosition.Of(ownerId, request.Sequence));
        var isThere = block.Step() && block.Int64(0) == request.Epoch && block.Int64(1) == request.Checksum;
        block.Reset();

        var status = isThere ? AppendStatus.Committed
            : request.Sequence <= owner.BaseSequence ? AppendStatus.Unknown
            : request.Epoch != owner.Epoch ? AppendStatus.Fenced
            : AppendStatus.OutOfSequence;
        return new AppendOutcome(status, owner.Epoch, owner.LastSequence);
    }

    private long OwnerId(SqliteDatabase database, ShardKey shard)
    {
        // An owner row is never removed and its id never changes, so what was read once holds.
        if (!_ownerIds.TryGetValue(shard, out var id))
        {
            id = OwnerRow.Find(database, shard);
            if (id != 0)
            {
                _ownerIds.Add(shard, id);
            }
        }

        return id;
    }

    private void Answer(int start, int count)
    {
        long bytes = 0;
        var fenced = 0;
        for (var i = start; i < start + count; i++)
        {
            var request = _batch[i];
            switch (request.Outcome.Status)
            {
                case AppendStatus.Committed:
                    bytes += request.Payload.Length;
                    _durability.Committed(request.Shard, request.Sequence);
                    break;
                case AppendStatus.Fenced or AppendStatus.Unknown:
                    fenced++;
                    _durability.OwnerChanged(request.Shard);
                    break;
            }

            request.Answer();
        }

        _instruments.AppendedBytes.Add(bytes);
        if (fenced > 0)
        {
            _instruments.Fenced.Add(fenced);
        }
    }

    private void Refuse(int start, int count, GridError error)
    {
        for (var i = start; i < start + count; i++)
        {
            _batch[i].Outcome = new AppendOutcome(AppendStatus.Refused, 0, 0, error);
            _batch[i].Answer();
        }

        _instruments.Refused.Add(count);
    }

    private GridError Describe(Exception failure) => failure switch
    {
        SqliteException engine => SqliteErrors.Describe(engine, _path),
        StoreFaultException fault => GridError.Unavailable($"database '{_path}'", fault.Message, null, 1_000),
        _ => new GridError(GridErrorCode.Internal, $"database '{_path}'", failure.ToString()),
    };

    private static bool IsTransient(Exception failure) =>
        failure is StoreFaultException { IsTransient: true } || failure is SqliteException engine && SqliteErrors.IsTransient(engine);

    private const string UpdateOwner =
        "update shard_owner set last_sequence = ?1 where id = ?2 and epoch = ?3 and last_sequence = ?1 - 1";

    private const string UpdateOwnerOfAnyEpoch =
        "update shard_owner set last_sequence = ?1 where id = ?2 and ?3 > 0 and last_sequence = ?1 - 1";

    private const string InsertBlock =
        "insert into shard_log (position, epoch, format, checksum, payload) values (?1, ?2, ?3, ?4, ?5)";

    private const string SelectBlock =
        "select epoch, checksum from shard_log where position = ?1";
}
