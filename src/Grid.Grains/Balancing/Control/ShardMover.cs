using Grid.Abstractions;
using Grid.Grains.Moving;
using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Grains.Balancing.Control;

/// <summary>Carries out one move and sees that it happened.</summary>
internal sealed class ShardMover(IGrainFactory grains, TimeProvider time)
{
    /// <summary>A hand-over ends the requests that are under way and flushes one block; what is not there by then will not come by itself.</summary>
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromSeconds(20);

    /// <summary>Reading ahead takes seconds for a hundred MiB. A store that is away must not hold up the balancer for longer than this.</summary>
    private static readonly TimeSpan MoveLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the target answers for the shard.</summary>
    /// <returns>Null where it does; otherwise why the shard is not there.</returns>
    public async Task<string?> MoveAsync(ShardKey shard, SiloAddress target, CancellationToken cancellationToken)
    {
        var key = shard.ToString();
        using var over = new CancellationTokenSource(MoveLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await grains.GetGrain<IMovableShard>(key).MoveToAsync(target, limit.Token);
            var began = time.GetTimestamp();
            var wanted = target.ToParsableString();
            while (true)
            {
                var status = await grains.GetGrain<IFeatureShardGrain>(key).GetStatusAsync(withDigest: false);
                if (status.Silo == wanted)
                {
                    return null;
                }

                if (time.GetElapsedTime(began) > HandOverLimit)
                {
                    return $"{HandOverLimit.TotalSeconds:0} s after the hand-over began it is on {status.Silo}.";
                }

                await Task.Delay(LookAgain, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return $"It was not handed over within {MoveLimit.TotalSeconds:0} s.";
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the shard has one owner, which the next look finds.
            return e.Message;
        }
    }
}
