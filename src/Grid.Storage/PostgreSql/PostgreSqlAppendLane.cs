using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// Group commit on one connection: all blocks that wait go in one statement, which is a transaction of its own, so a commit of many
/// shards is one round trip. Thread-safe.
/// </summary>
internal sealed class PostgreSqlAppendLane(
    NpgsqlDataSource source,
    string target,
    PostgreSqlStoreOptions options,
    DurabilityWatch durability,
    StoreInstruments instruments) : GroupCommit(options, durability, instruments), IAsyncDisposable
{
    /// <summary>
    /// How often blocks of one write may wait for the fate of others before them. Blocks that follow one another take one round; more
    /// come of callers who send blocks that do not fit, or send again what is there already.
    /// </summary>
    private const int MaxRounds = 64;

    private readonly Lock _closing = new();
    private readonly Dictionary<long, BlockRun> _runOf = [];
    private readonly List<BlockRun> _runs = [];
    private readonly Stack<BlockRun> _spare = new();
    private Task _drain = Task.CompletedTask;
    private LaneConnection? _connection;
    private bool _isClosed;

    /// <summary>Finishes the commit under way and closes the connection; what still waits is told that the store is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Task drain;
        lock (_closing)
        {
            _isClosed = true;
            drain = _drain;
        }

        await drain;
        await DropAsync();
    }

    protected override bool TryPost()
    {
        lock (_closing)
        {
            if (_isClosed)
            {
                return false;
            }

            // The one before is at its very end: it posts the next one under the queue's lock, as the last thing it does.
            _drain = Task.Run(DrainAsync);
            return true;
        }
    }

    protected override GridException Closed() => PostgreSqlPool.Closed(target);

    protected override bool IsTransient(Exception failure) => failure is StoreFaultException { IsTransient: true } || PostgreSqlErrors.IsTransient(failure);

    protected override bool IsAway(Exception failure) => PostgreSqlErrors.IsAway(failure);

    protected override GridError Describe(Exception failure) => PostgreSqlErrors.Describe(failure, target);

    protected override async ValueTask WriteAsync(int start, int count, Action? beforeCommit)
    {
        try
        {
            if (Faults is { DiskIsFull: true })
            {
                throw PostgreSqlErrors.FullDisk();
            }

            _connection ??= await LaneConnection.OpenAsync(source, Faults is { IgnoreEpoch: true });
            await _connection.FindOwnersAsync(Batch, start, count);
            if (beforeCommit is null)
            {
                await WriteRoundsAsync(_connection, start, count);
                return;
            }

            // A test needs the moment between statement and commit, which one statement alone does not have.
            await using var transaction = await _connection.BeginAsync();
            await WriteRoundsAsync(_connection, start, count);
            beforeCommit();
            await transaction.CommitAsync();
        }
        catch
        {
            // A statement that was given up may still hold the connection; a new one costs little beside a failure.
            await DropAsync();
            throw;
        }
    }

    private async Task WriteRoundsAsync(LaneConnection connection, int start, int count)
    {
        var waiting = new List<int>(count);
        for (var i = start; i < start + count; i++)
        {
            waiting.Add(i);
        }

        for (var round = 1; waiting.Count > 0; round++)
        {
            waiting = await WriteRoundAsync(connection, waiting, isLast: round == MaxRounds);
        }
    }

    /// <summary>Appends one run of each shard and settles what became of its blocks.</summary>
    /// <returns>The places of the blocks that wait for the next round, in the order of the calls.</returns>
    private async Task<List<int>> WriteRoundAsync(LaneConnection connection, List<int> waiting, bool isLast)
    {
        // 1. One run for each shard; what does not follow it waits.
        var later = new List<int>();
        StartRuns(connection, waiting, later);

        // 2. One statement for all.
        if (_runs.Count > 0)
        {
            await connection.AppendAsync(_runs, Batch, Faults);
        }

        // 3. A later statement judges those that moved nothing.
        var judged = new List<(long OwnerId, AppendRequest Request)>();
        foreach (var run in _runs)
        {
            foreach (var place in run.Places)
            {
                if (run.IsMoved)
                {
                    Batch[place].Outcome = new AppendOutcome(AppendStatus.Committed, Batch[place].Epoch, Batch[place].Sequence);
                }
                else
                {
                    judged.Add((run.OwnerId, Batch[place]));
                }
            }
        }

        if (judged.Count > 0)
        {
            Settle(await connection.JudgeAsync(judged), later, isLast);
        }

        foreach (var run in _runs)
        {
            _spare.Push(run);
        }

        if (isLast)
        {
            // Not tried at all: for each, the store could not say what stands before it.
            foreach (var place in later)
            {
                Batch[place].Outcome = new AppendOutcome(
                    AppendStatus.Refused,
                    0,
                    0,
                    GridError.Unavailable($"shard '{Batch[place].Shard}' block {Batch[place].Sequence}", $"waited for {MaxRounds} blocks before it that did not follow one another.", "Append blocks of a shard in sequence.", 1_000));
            }

            later.Clear();
        }

        later.Sort();
        return later;
    }

    private void StartRuns(LaneConnection connection, List<int> waiting, List<int> later)
    {
        _runs.Clear();
        _runOf.Clear();
        foreach (var place in waiting)
        {
            var request = Batch[place];
            var ownerId = connection.OwnerIdOf(request.Shard);
            if (ownerId == 0)
            {
                request.Outcome = new AppendOutcome(AppendStatus.Fenced, 0, 0);
            }
            else if (!_runOf.TryGetValue(ownerId, out var run))
            {
                run = _spare.Count > 0 ? _spare.Pop() : new BlockRun();
                run.Start(ownerId, request, place);
                _runOf.Add(ownerId, run);
                _runs.Add(run);
            }
            else if (!run.TryExtend(request, place))
            {
                later.Add(place);
            }
        }
    }

    /// <summary>
    /// Settles the blocks of runs that moved nothing. The first that could follow now, because those before it are in the log already,
    /// waits for the next round, with all after it in its run.
    /// </summary>
    private void Settle(List<(OwnerRow Owner, bool IsThere)> found, List<int> later, bool isLast)
    {
        var next = 0;
        foreach (var run in _runs)
        {
            if (run.IsMoved)
            {
                continue;
            }

            var followsLater = false;
            foreach (var place in run.Places)
            {
                var (owner, isThere) = found[next++];
                var request = Batch[place];
                followsLater |= !isLast && !isThere && request.Epoch == owner.Epoch && request.Sequence == owner.LastSequence + 1;
                if (followsLater)
                {
                    later.Add(place);
                }
                else
                {
                    request.Outcome = owner.Judge(request, isThere);
                }
            }
        }
    }

    private async ValueTask DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
