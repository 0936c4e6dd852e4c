using Grid.Abstractions;
using Grid.Primitives;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ingestion;

/// <summary>
/// Reads a partition again for shards that stayed away, from the lowest of their marks, while the partition's own reader goes on with the others.
/// When it is where that reader is, its lanes take the place of the parked ones. At most one at a time; runs on the reader's scheduler.
/// </summary>
internal sealed partial class CatchUpFeed(IngestSource source, PartitionKey key, PartitionServices services, SourceFeed feed, LaneSender sender, RoutingTable routings, ILogger logger)
    : IRoutedEvents
{
    /// <summary>How long shards that gave no answer are left alone.</summary>
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly RecordRouter _router = new(routings);
    private readonly Dictionary<string, TenantLanes> _tenants = new(StringComparer.Ordinal);
    private readonly List<(ShardLane Parked, ShardLane Lane)> _lanes = [];
    private Task _run = Task.CompletedTask;
    private long _triedAt;

    /// <summary>Begins to catch up where there are parked lanes and none is being served.</summary>
    /// <param name="lanes">Lanes of the partition's own reader.</param>
    /// <param name="next">The next position that the partition's own reader routes: what is below it, parked lanes were not given.</param>
    /// <param name="rejoin">Puts a lane in the place of a parked one.</param>
    /// <param name="stopping">Ends it.</param>
    public void Begin(IReadOnlyList<ShardLane> lanes, Func<long> next, Action<ShardLane, ShardLane> rejoin, CancellationToken stopping)
    {
        if (!_run.IsCompleted || services.Time.GetElapsedTime(_triedAt) < RetryWait || !lanes.Any(static l => l.IsParked))
        {
            return;
        }

        _triedAt = services.Time.GetTimestamp();
        _run = RunAsync([.. lanes.Where(static l => l.IsParked)], next, rejoin, stopping);
    }

    public Task StopAsync() => _run;

    int IRoutedEvents.ShardsOf(string tenant) => _tenants.TryGetValue(tenant, out var lanes) ? lanes.Shards : 0;

    void IRoutedEvents.Take(string tenant, int shard, string[] names, ReadOnlySpan<byte> encoded, long position)
    {
        if (_tenants[tenant][shard] is { IsParked: false } lane && position > lane.Ceiling)
        {
            lane.Add(names, encoded, position, services.Time.GetTimestamp());
        }
    }

    private async Task RunAsync(ShardLane[] parked, Func<long> next, Action<ShardLane, ShardLane> rejoin, CancellationToken stopping)
    {
        _lanes.Clear();
        _tenants.Clear();
        try
        {
            await FindReturnedAsync(parked, stopping);
            if (_lanes.Count > 0)
            {
                await ReadAsync(next, rejoin, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next reader begins at the frontier, which is below all of it.
        }
        catch (Exception e)
        {
            // The lanes stay parked and are tried again.
            LogFailed(e, key);
        }
    }

    /// <summary>A lane for each parked shard that answers, beginning where the parked one left off.</summary>
    private async Task FindReturnedAsync(ShardLane[] parked, CancellationToken stopping)
    {
        foreach (var lane in parked)
        {
            try
            {
                await lane.Shard.GetMarksAsync(feed.Feed, feed.Partition).AsTask().WaitAsync(stopping);
            }
            catch (Exception e) when (ShardErrors.Away(e, stopping) is not null)
            {
                continue;
            }

            var shards = await services.Tenants.ShardsAsync(lane.Key.Workspace, lane.Key.Tenant, stopping);
            if (!_tenants.TryGetValue(lane.Key.Tenant, out var lanes))
            {
                _tenants.Add(lane.Key.Tenant, lanes = new TenantLanes(lane.Key.Workspace, lane.Key.Tenant, shards));
            }

            var returned = lanes.Open(lane.Key.Shard, services.Grains, lane.ParkedFrom - 1, source.Options.MaxDeliveryBytes);
            returned.Ceiling = lane.ParkedFrom - 1;
            _lanes.Add((lane, returned));
        }
    }

    private async Task ReadAsync(Func<long> next, Action<ShardLane, ShardLane> rejoin, CancellationToken stopping)
    {
        var from = _lanes.Min(static l => l.Parked.ParkedFrom);
        LogBegins(key, _lanes.Count, from);
        await using var reader = new KafkaPartitionReader(source.Clients, source.Options.Topic, key.Partition, source.Options.Reader, instruments: null, services.Logging);
        reader.Start(KafkaStart.At(from));
        for (var at = from; at < next();)
        {
            var batch = await reader.ReadAsync(stopping);
            if (batch.Condition is { } condition)
            {
                throw condition.Error.ToException();
            }

            // What the partition's own reader has not routed yet may be under a routing that is not stored yet, and it is not needed here.
            var records = batch.Records;
            var end = next();
            var count = records.Length;
            while (count > 0 && records.Span[count - 1].Offset >= end)
            {
                count--;
            }

            for (records = records[..count]; records.Length > 0;)
            {
                var (routed, error) = await _router.DecodeAsync(records, stopping);
                _router.Divide(routed ?? throw error!.ToException(), this);
                records = records[routed.Records.Length..];
            }

            at = count == batch.Records.Length ? batch.Next : end;
            await SendAsync(Math.Min(at, end) - 1, stopping);
            if (_lanes.TrueForAll(static l => l.Lane.IsParked))
            {
                return;
            }
        }

        // Not one await since the last look at the other reader: no event falls between the two.
        foreach (var (parkedLane, lane) in _lanes)
        {
            if (!lane.IsParked)
            {
                lane.Ceiling = long.MaxValue;
                rejoin(parkedLane, lane);
            }
        }
    }

    /// <summary>Sends what was routed and waits until it is applied or the shard is away again: this feed holds one poll at a time.</summary>
    private async Task SendAsync(long routed, CancellationToken stopping)
    {
        foreach (var (_, lane) in _lanes)
        {
            lane.Ceiling = Math.Max(lane.Ceiling, routed);
            sender.Wake(lane);
        }

        while (_lanes.Exists(static l => l.Lane.IsSending))
        {
            await Task.Delay(source.Options.AskInterval / 10, services.Time, stopping);
            foreach (var (_, lane) in _lanes)
            {
                if (lane.AwaySince != 0 && services.Time.GetElapsedTime(lane.AwaySince) >= source.Options.ParkAfter)
                {
                    lane.Park(routed + 1);
                }
            }
        }
    }

    [LoggerMessage(EventId = 2631, Level = LogLevel.Information, Message = "Partition {Partition}: {Shards} parked shards are back and catch up from position {Position}")]
    private partial void LogBegins(PartitionKey partition, int shards, long position);

    [LoggerMessage(EventId = 2632, Level = LogLevel.Warning, Message = "Partition {Partition}: the feed of its parked shards failed and begins again")]
    private partial void LogFailed(Exception error, PartitionKey partition);
}
