using Grid.Abstractions;
using Grid.Primitives;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ingestion;

/// <content>What goes on beside reading: asking for marks, parking, catching up, the frontier, the status.</content>
internal sealed partial class PartitionIngest
{
    /// <summary>How long the end waits for calls under way before it stores the frontier without their answers.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private bool _isStoreAway;

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(_options.AskInterval, _time);
        var storedAt = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                AskLanes();
                ParkLanes();
                if (_time.GetElapsedTime(storedAt) >= _options.FrontierInterval)
                {
                    storedAt = _time.GetTimestamp();
                    await StoreFrontierAsync();
                }

                Status();
            }
        }
        catch (OperationCanceledException)
        {
            // The end is near.
        }
        catch (GridException e)
        {
            Fail(e.Error);
        }
        catch (Exception e)
        {
            LogBroken(e, _key);
            Fail(new GridError(GridErrorCode.Internal, $"partition {_key}", $"cannot keep its frontier: {e.Message}", "See the log of the silo, then start it again."));
        }
    }

    private void AskLanes()
    {
        foreach (var lane in _lanes)
        {
            if (lane.IsOwing && !lane.IsParked && _time.GetElapsedTime(lane.HeardAt) >= _options.AskInterval)
            {
                _sender!.Ask(lane);
            }
        }
    }

    /// <summary>A shard that stays away must not hold memory, nor the others. Where the store itself is away all shards are, and parking helps nobody.</summary>
    private void ParkLanes()
    {
        for (var i = 0; i < _lanes.Count; i++)
        {
            var lane = _lanes[i];
            if (!lane.IsParked && lane.AwaySince != 0 && !_isStoreAway && _time.GetElapsedTime(lane.AwaySince) >= _options.ParkAfter)
            {
                lane.Park(_routed);
                _counts.Parked();
                LogParked(_key, lane.Key, lane.ParkedFrom, _options.ParkAfter);
                MakeRoom();
            }
        }

        _catchUp!.Begin(_lanes, () => _routed, Rejoin, _stopping.Token);
    }

    /// <summary>Another lane takes the place of a parked one.</summary>
    private void Rejoin(ShardLane parked, ShardLane lane)
    {
        _lanes[_lanes.IndexOf(parked)] = lane;
        _tenants[lane.Key.Tenant][lane.Key.Shard] = lane;
        LogRejoined(_key, lane.Key, _next);
    }

    private async Task StoreFrontierAsync()
    {
        var floor = Floor();
        if (_frontier is null || floor <= _frontier.Row.Frontier)
        {
            return;
        }

        try
        {
            var outcome = await _frontier.StoreAsync(floor, null, CancellationToken.None);
            _isStoreAway = false;
            if (outcome.IsStored)
            {
                _reader!.CommitHint(floor + 1);
            }
            else
            {
                Fence();
            }
        }
        catch (GridException e) when (ShardErrors.IsTransient(e.Code))
        {
            _isStoreAway = true;
            LogNotStored(_key, floor, e.Error);
        }
    }

    /// <summary>Waits for what is under way, asks once more what is durable, and leaves the frontier as high as it is.</summary>
    private async Task CloseAsync()
    {
        try
        {
            if (_sender is not null)
            {
                await _catchUp!.StopAsync();
                await _sender.IdleAsync().WaitAsync(CloseLimit, _time);
            }

            if (_state == PartitionIngestState.Stopped && _sender is not null)
            {
                await LastMarksAsync().WaitAsync(CloseLimit, _time);
                await StoreFrontierAsync();
            }
        }
        catch (Exception e) when (e is TimeoutException or GridException)
        {
            // The next reader begins lower and sends again what the shards then skip.
            LogCloseIsSlow(_key, e.Message);
        }

        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        Status();
    }

    private Task LastMarksAsync() =>
        Task.WhenAll(_lanes.Where(static l => l.IsOwing && !l.IsParked).Select(LastMarksAsync));

    private async Task LastMarksAsync(ShardLane lane)
    {
        try
        {
            await lane.Shard.FlushAsync(CancellationToken.None);
            var marks = await lane.Shard.GetMarksAsync(_options.Feed, _key.PartitionName);
            lane.Heard(marks.Applied, marks.Durable, _time.GetTimestamp());
        }
        catch (Exception e) when (ShardErrors.Away(e, CancellationToken.None) is not null)
        {
            // Its events go out again.
        }
    }

    private PartitionIngestStatus Describe()
    {
        long bytes = 0, oldest = long.MaxValue;
        var parked = 0;
        foreach (var lane in _lanes)
        {
            bytes += lane.KeptBytes;
            oldest = Math.Min(oldest, lane.OldestAt);
            parked += lane.IsParked || lane.Ceiling != long.MaxValue ? 1 : 0;
        }

        var reader = _reader?.Status;
        return new PartitionIngestStatus
        {
            Source = _key.Source,
            Topic = _options.Topic,
            Partition = _key.Partition,
            Silo = _services.Silo.SiloAddress.ToParsableString(),
            State = HasEnded ? _state : StateOf(reader?.State),
            Epoch = _frontier?.Row.Epoch ?? 0,
            Frontier = _frontier?.Row.Frontier ?? Storage.FrontierRow.Undecided,
            FrontierAgeMs = oldest == long.MaxValue ? 0 : (long)_time.GetElapsedTime(oldest).TotalMilliseconds,
            Next = _next,
            Lag = reader is { HighWatermark: >= 0 } && _next >= 0 ? Math.Max(0, reader.HighWatermark - _next) : 0,
            Delivered = _counts.Delivered,
            Redelivered = _counts.Redelivered,
            Duplicates = _counts.Duplicates,
            Gaps = _counts.Gaps,
            DeadLettered = _counts.DeadLettered,
            Parked = parked,
            KeptBytes = bytes,
            Routing = _frontier?.Row.Routing ?? 0,
            Error = _error ?? (reader?.State is KafkaReaderState.Connecting or KafkaReaderState.Disconnected ? reader.LastError : null),
        };
    }

    private static PartitionIngestState StateOf(KafkaReaderState? reader) => reader switch
    {
        KafkaReaderState.Reading or KafkaReaderState.Paused => PartitionIngestState.Reading,
        KafkaReaderState.Disconnected => PartitionIngestState.Disconnected,
        _ => PartitionIngestState.Connecting,
    };

    [LoggerMessage(EventId = 2621, Level = LogLevel.Warning, Message = "Partition {Partition}: shard {Shard} stays away for more than {Limit} and is parked at position {Position}; the frontier stays below, others go on")]
    private partial void LogParked(PartitionKey partition, ShardKey shard, long position, TimeSpan limit);

    [LoggerMessage(EventId = 2622, Level = LogLevel.Information, Message = "Partition {Partition}: shard {Shard} has caught up with position {Position}")]
    private partial void LogRejoined(PartitionKey partition, ShardKey shard, long position);

    [LoggerMessage(EventId = 2623, Level = LogLevel.Warning, Message = "Partition {Partition}: frontier {Frontier} is not stored yet: {Error}")]
    private partial void LogNotStored(PartitionKey partition, long frontier, GridError error);

    [LoggerMessage(EventId = 2624, Level = LogLevel.Warning, Message = "Partition {Partition} ends without its last frontier: {Reason}")]
    private partial void LogCloseIsSlow(PartitionKey partition, string reason);
}
