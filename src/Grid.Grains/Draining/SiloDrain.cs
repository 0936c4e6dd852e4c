using Grid.Abstractions;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Grains.Ingestion;
using Grid.Grains.Shards;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Draining;

/// <summary>
/// Empties this silo while it still serves: nothing new comes, the readers of topics end with their frontiers stored, and each shard flushes and wakes
/// on another silo; requests that arrive meanwhile wait and follow it. Thread-safe; a second call joins the first.
/// </summary>
internal sealed partial class SiloDrain(
    ClusterView view,
    GossipSender gossip,
    IngestShutdown readers,
    LocalShards shards,
    IOptions<GridGrainsOptions> options,
    TimeProvider time,
    ILogger<SiloDrain> logger)
{
    /// <summary>The others have a second to hear that nothing more may come here.</summary>
    private static readonly TimeSpan NewsLimit = TimeSpan.FromSeconds(1);

    /// <summary>Shards that wake at once on the others: each reads its state from the store.</summary>
    private const int AtOnce = 16;

    /// <summary>A shard that has not gone by then is looked at again: the last silo that could take it may have begun to leave, too.</summary>
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<SiloInfo>? _running;

    /// <summary>Hands everything over, or as much as its time allows.</summary>
    /// <param name="cancellationToken">Stops waiting; what has begun goes on.</param>
    public Task<SiloInfo> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _running ??= Task.Run(EmptyAsync, CancellationToken.None);
        }

        return _running.WaitAsync(cancellationToken);
    }

    /// <summary>Another silo that stays.</summary>
    private bool HasTaker => view.Active.Any(member => !view.IsLeaving(member.SiloAddress));

    private async Task<SiloInfo> EmptyAsync()
    {
        using var limit = new CancellationTokenSource(options.Value.DrainTimeout, time);
        view.Phase = SiloPhase.Draining;
        LogBegun(shards.Count);

        // 1. The others place nothing here any more.
        await TellAsync();

        if (HasTaker)
        {
            // 2. Readers end while their shards still answer, so that each frontier is where its reading ended.
            await readers.EndReadersAsync(limit.Token);

            // 3. Shards, until none is left: a caller that has not heard may have woken one meanwhile.
            await MoveShardsAsync(limit.Token);
        }

        view.Phase = SiloPhase.Drained;
        await TellAsync();
        LogEnded(shards.Count);
        return view.Find(view.Local, out _)!;
    }

    private async Task TellAsync()
    {
        try
        {
            await gossip.TellAsync().WaitAsync(NewsLimit, time);
        }
        catch (TimeoutException)
        {
            // A silo that did not hear hears within a second; a shard that it sends here meanwhile is moved again.
        }
    }

    private async Task MoveShardsAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (shards.Active is { Count: > 0 } active && HasTaker)
            {
                await Parallel.ForEachAsync(
                    active,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    static async (shard, token) =>
                    {
                        shard.Migrate(null, token);
                        await Task.WhenAny(shard.Deactivated, Task.Delay(MoveLimit, token));
                    });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // They flush when the silo stops, and wake when they are asked for.
            LogUnfinished(shards.Count, options.Value.DrainTimeout);
        }
    }

    [LoggerMessage(EventId = 2721, Level = LogLevel.Information, Message = "This silo hands over what it holds: {Shards} shards")]
    private partial void LogBegun(int shards);

    [LoggerMessage(EventId = 2722, Level = LogLevel.Information, Message = "This silo is drained; {Shards} shards are left")]
    private partial void LogEnded(int shards);

    [LoggerMessage(EventId = 2723, Level = LogLevel.Warning, Message = "{Shards} shards were not handed over within {Limit}")]
    private partial void LogUnfinished(int shards, TimeSpan limit);
}
