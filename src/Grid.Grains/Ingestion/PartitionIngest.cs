using Grid.Abstractions;
using Grid.Primitives;
using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ingestion;

/// <summary>
/// One reader of one partition, from taking its epoch to storing its last frontier. Everything runs on the scheduler that calls
/// <see cref="Start"/>, one step at a time; only <see cref="LastStatus"/> is read from elsewhere.
/// </summary>
internal sealed partial class PartitionIngest : IRoutedEvents, IAsyncDisposable
{
    private readonly IngestSource _source;
    private readonly IngestSourceOptions _options;
    private readonly PartitionKey _key;
    private readonly PartitionServices _services;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IngestCounts _counts;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, TenantLanes> _tenants = new(StringComparer.Ordinal);
    private readonly List<ShardLane> _lanes = [];
    private Task _run = Task.CompletedTask;
    private KafkaPartitionReader? _reader;
    private LaneSender? _sender;
    private RoutingTable? _routings;
    private RecordRouter? _router;
    private FrontierKeeper? _frontier;
    private CatchUpFeed? _catchUp;
    private TaskCompletionSource? _room;
    private long _next = -1;

    // The position after the last record whose events the lanes have; what parked lanes were not given lies below it.
    private long _routed = -1;
    private long _start;
    private PartitionIngestState _state = PartitionIngestState.Connecting;
    private GridError? _error;
    private PartitionIngestStatus _lastStatus;

    public PartitionIngest(IngestSource source, PartitionKey key, PartitionServices services)
    {
        _source = source;
        _options = source.Options;
        _key = key;
        _services = services;
        _time = services.Time;
        _logger = services.Logging.CreateLogger<PartitionIngest>();
        var tags = IngestInstruments.Tags(key.Source, key.Partition);
        _counts = new IngestCounts(services.Instruments, tags);
        services.Instruments.Add(this, tags);
        _lastStatus = Describe();
    }

    /// <summary>As of the last tick. Thread-safe.</summary>
    public PartitionIngestStatus LastStatus => Volatile.Read(ref _lastStatus);

    /// <summary>Nothing more will be read: it was stopped, is fenced, or only an operator can help.</summary>
    public bool HasEnded => _state is PartitionIngestState.Stopped or PartitionIngestState.Failed or PartitionIngestState.Fenced;

    public void Start() => _run = RunAsync();

    /// <summary>Stops reading, waits for what is under way, stores the frontier, closes the consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        End(PartitionIngestState.Stopped, null);
        await _run;
        _services.Instruments.Remove(this);
        _frontier?.Dispose();
        _stopping.Dispose();
    }

    public PartitionIngestStatus Status()
    {
        var status = Describe();
        Volatile.Write(ref _lastStatus, status);
        return status;
    }

    int IRoutedEvents.ShardsOf(string tenant) => _tenants.TryGetValue(tenant, out var lanes) ? lanes.Shards : 0;

    void IRoutedEvents.Take(string tenant, int shard, string[] names, ReadOnlySpan<byte> encoded, long position)
    {
        var tenantLanes = _tenants[tenant];
        var lane = tenantLanes[shard];
        if (lane is null)
        {
            lane = tenantLanes.Open(shard, _services.Grains, _start, _options.MaxDeliveryBytes);
            _lanes.Add(lane);
        }

        // What a parked shard gets, it gets from its own feed.
        if (!lane.IsParked && lane.Ceiling == long.MaxValue)
        {
            lane.Add(names, encoded, position, _time.GetTimestamp());
        }
    }

    private async Task RunAsync()
    {
        var ticking = Task.CompletedTask;
        try
        {
            await OpenAsync();
            ticking = TickAsync();
            await ReadAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Why is in the state.
        }
        catch (GridException e)
        {
            Fail(e.Error);
        }
        catch (Exception e)
        {
            LogBroken(e, _key);
            Fail(new GridError(GridErrorCode.Internal, $"partition {_key}", $"cannot be read on: {e.Message}", "See the log of the silo, then start it again."));
        }

        await _stopping.CancelAsync();
        await ticking;
        await CloseAsync();
    }

    private async Task OpenAsync()
    {
        // 1. The epoch: from here on no older reader moves the frontier.
        var stored = new SourcePartitionKey(_options.Feed, _key.Partition);
        var row = await RetryAsync(() => _services.Frontiers.TakeAsync(stored, _services.Silo.SiloAddress.ToParsableString(), _stopping.Token));

        // 2. The routings that hold from the frontier on, by the newest catalogue.
        await RetryAsync(() => _services.Catalogue.PullAsync(_stopping.Token));
        _routings = RoutingTable.Read(row, _options.Workspace, _services.Catalogue, _source.Schemas);
        _router = new RecordRouter(_routings);
        _frontier = new FrontierKeeper(_services.Frontiers, row, _routings);

        // 3. The consumer, at the frontier.
        _reader = new KafkaPartitionReader(_source.Clients, _options.Topic, _key.Partition, _options.Reader, _services.Kafka, _services.Logging);
        _reader.Start(row.Frontier == FrontierRow.Undecided ? (_options.FromEarliest ? KafkaStart.Earliest : KafkaStart.Latest) : KafkaStart.At(row.Frontier + 1));
        _start = row.Frontier;
        var feed = new SourceFeed(_options.Feed, _key.PartitionName, row.Epoch, _options.FaultSkipGaps);
        _sender = new LaneSender(feed, _counts, _time, _logger, Fail, Fence, _stopping.Token) { Heard = MakeRoom };
        _catchUp = new CatchUpFeed(_source, _key, _services, feed, _sender, _routings, _logger);
        LogOpened(_key, row.Epoch, row.Frontier);
    }

    private async Task ReadAsync()
    {
        if (_start == FrontierRow.Undecided)
        {
            await DecideStartAsync();
        }

        _next = _routed = _start + 1;
        while (true)
        {
            await RoomAsync();
            var batch = await _reader!.ReadAsync(_stopping.Token);
            for (var records = batch.Records; records.Length > 0;)
            {
                records = records[await TakeInAsync(records)..];
            }

            _next = Math.Max(_next, batch.Next);
            if (batch.Condition is { } condition)
            {
                if (condition.Kind != KafkaConditionKind.Fatal)
                {
                    throw condition.Error.ToException();
                }

                // The client is beyond repair, the partition is not: another client goes on.
                _error = condition.Error;
                await Task.Delay(_options.Reader.MaxBackoff, _time, _stopping.Token);
                _reader.Seek(KafkaStart.At(_next));
            }
        }
    }

    /// <summary>Where a partition begins that was never read, stored before anything of it is delivered: the next reader must not choose again.</summary>
    private async Task DecideStartAsync()
    {
        while (_reader!.Status.Start < 0)
        {
            if (_reader.Status.Condition is { } condition)
            {
                throw condition.Error.ToException();
            }

            await Task.Delay(_options.AskInterval, _time, _stopping.Token);
        }

        _start = _reader.Status.Start - 1;
        await RetryAsync(async () => StoredOrFenced(await _frontier!.StoreAsync(_start, null, _stopping.Token)));
    }

    /// <summary>Routes records of one routing, and sets aside what is no event of a tenant; returns how many records that were.</summary>
    private async Task<int> TakeInAsync(ReadOnlyMemory<KafkaRecord> records)
    {
        // 1. A change of views or mapping takes effect here, once it is stored.
        var first = records.Span[0].Offset;
        if (_routings!.Propose(_source.Mapping, first) is { } routing)
        {
            await RetryAsync(async () => StoredOrFenced(await _frontier!.StoreAsync(Floor(), routing, _stopping.Token)));
            LogRouting(_key, routing.Entry.Number, first);
        }

        // 2. Each record alone.
        var routed = await DecodeAsync(_router!, records);
        var poison = routed.Decoded.Faults.Select(static f => new PoisonRecord(f.Record, "", f.Fault.Reason.ToString(), f.Fault.Text)).ToList();

        // 3. To the shards; the frontier stays below until they have it. Outcomes go to their store, and are durable when that has answered.
        await KnowTenantsAsync(routed, poison);
        if (_options.Content == SourceContent.Outcomes)
        {
            await ReportOutcomesAsync(routed, poison);
        }
        else
        {
            _router!.Divide(routed, this);
        }

        _routed = records.Span[routed.Records.Length - 1].Offset + 1;
        foreach (var lane in _lanes)
        {
            _sender!.Wake(lane);
        }

        // 4. To the dead letters, before the frontier may pass.
        if (poison.Count > 0)
        {
            await RetryAsync(async () => await _source.SetAside.AddAsync(_key.Partition, poison, _stopping.Token) is { } error ? throw error.ToException() : true);
            _counts.SetAside(poison.Count);
            LogSetAside(_key, poison.Count, poison[0].Reason, poison[0].Record.Offset);
        }

        _next = _routed;
        return routed.Records.Length;
    }

    private async Task<RoutedRecords> DecodeAsync(RecordRouter router, ReadOnlyMemory<KafkaRecord> records) =>
        await RetryAsync(async () =>
        {
            var (routed, error) = await router.DecodeAsync(records, _stopping.Token);
            return routed ?? throw error!.ToException();
        });

    /// <summary>Waits while more is kept than may be.</summary>
    private async Task RoomAsync()
    {
        while (IsFull())
        {
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _room.Task.WaitAsync(_stopping.Token);
        }

        bool IsFull()
        {
            long bytes = 0, events = 0;
            foreach (var lane in _lanes)
            {
                bytes += lane.KeptBytes;
                events += lane.KeptEvents;
            }

            return bytes >= _options.MaxKeptBytes || events >= _options.MaxKeptEvents;
        }
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    /// <summary>Everything at or below it is durable in every shard it touches, or in the dead letters.</summary>
    private long Floor()
    {
        var floor = _next - 1;
        foreach (var lane in _lanes)
        {
            floor = Math.Min(floor, lane.Floor);
        }

        // A reader that has not read yet knows no better than the row.
        return Math.Max(floor, _start);
    }

    private async Task<T> RetryAsync<T>(Func<Task<T>> action)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var result = await action();
                _error = HasEnded ? _error : null;
                return result;
            }
            catch (Exception e) when (ShardErrors.Transient(e, _stopping.Token) is { } error)
            {
                _error = HasEnded ? _error : error;
                LogWaiting(_key, error);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, Math.Max(error.RetryAfterMs ?? 0, 50 << Math.Min(attempt, 8)))), _time, _stopping.Token);
            }
        }
    }

    private bool StoredOrFenced(FrontierOutcome outcome)
    {
        if (!outcome.IsStored)
        {
            Fence();
        }

        _stopping.Token.ThrowIfCancellationRequested();
        return outcome.IsStored;
    }

    private void Fence() => End(PartitionIngestState.Fenced, GridError.Unavailable($"partition {_key}", "is read by a newer reader.", fix: null, retryAfterMs: 0));

    private void Fail(GridError error)
    {
        if (!HasEnded)
        {
            LogFailed(_key, error);
        }

        End(PartitionIngestState.Failed, error);
    }

    private void End(PartitionIngestState state, GridError? error)
    {
        if (!HasEnded)
        {
            (_state, _error) = (state, error);
            Status();
        }

        _stopping.Cancel();
    }

    [LoggerMessage(EventId = 2611, Level = LogLevel.Information, Message = "Partition {Partition} is read under epoch {Epoch}, from frontier {Frontier}")]
    private partial void LogOpened(PartitionKey partition, long epoch, long frontier);

    [LoggerMessage(EventId = 2612, Level = LogLevel.Information, Message = "Partition {Partition}: routing {Number} holds from position {Position} on")]
    private partial void LogRouting(PartitionKey partition, long number, long position);

    [LoggerMessage(EventId = 2613, Level = LogLevel.Warning, Message = "Partition {Partition}: {Count} records are set aside, the first for {Reason} at position {Position}")]
    private partial void LogSetAside(PartitionKey partition, int count, string reason, long position);

    [LoggerMessage(EventId = 2614, Level = LogLevel.Warning, Message = "Partition {Partition} waits: {Error}")]
    private partial void LogWaiting(PartitionKey partition, GridError error);

    [LoggerMessage(EventId = 2615, Level = LogLevel.Error, Message = "Partition {Partition} is stopped: {Error}")]
    private partial void LogFailed(PartitionKey partition, GridError error);

    [LoggerMessage(EventId = 2616, Level = LogLevel.Error, Message = "Partition {Partition} cannot be read on")]
    private partial void LogBroken(Exception error, PartitionKey partition);
}
