using System.Collections.Concurrent;
using Grid.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ownership;

/// <summary>Asks the store once a second, in one query for all shards of this silo, whether their epochs still stand.</summary>
internal sealed partial class OwnershipConfirmer(IShardStore store, OwnMembership membership, TimeProvider time, ILogger<OwnershipConfirmer> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ShardOwnership, byte> _owned = new();

    /// <summary>Shards active in this silo.</summary>
    public int Count => _owned.Count;

    /// <summary>Time since the epoch of the shard that has waited longest was confirmed; zero where there is none.</summary>
    public TimeSpan OldestAge => _owned.Keys.Select(static ownership => ownership.Age).DefaultIfEmpty().Max();

    public void Add(ShardOwnership ownership) => _owned[ownership] = 0;

    public void Remove(ShardOwnership ownership) => _owned.TryRemove(ownership, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await ConfirmAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Ages grow; answers say so and, past the limit, are refused.
                LogFailed(e, _owned.Count);
            }
        }
    }

    internal async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        ShardOwnership[] owned = [.. _owned.Keys];
        if (owned.Length == 0)
        {
            return;
        }

        var askedAt = time.GetTimestamp();
        var outcomes = await store.ConfirmAsync([.. owned.Select(ownership => ownership.Lease)], cancellationToken);
        for (var i = 0; i < owned.Length; i++)
        {
            if (outcomes[i].IsOwner)
            {
                owned[i].Confirm(askedAt);
            }
            else
            {
                owned[i].Fence(outcomes[i].CurrentEpoch);
                membership.Doubt();
            }
        }
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "The epochs of {Shards} shards could not be confirmed")]
    private partial void LogFailed(Exception error, int shards);
}
