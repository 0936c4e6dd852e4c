using Grid.Abstractions;
using Grid.Grains.Gossip;
using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Silo.Doors;

/// <summary>
/// Calls of shards that may be made again. Where the owner's silo is away the call waits here until the membership has changed, and is made again: the caller
/// sees time pass and no error, and nobody asks a thousand times a second for what cannot be answered. Thread-safe.
/// </summary>
internal sealed class AwayOwners(ClusterView view, TimeProvider time) : IDisposable
{
    /// <summary>Longer than a silo that has died needs to be declared dead in the defaults. A caller that is told then tries again elsewhere, or gives up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>How often a call that waits looks whether the membership has changed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// It is made again after this time also where nothing has changed, which is rare: a message to a silo that is gone costs its sender a connection that
    /// fails, and with a thousand callers waiting the silos that are left would do nothing else.
    /// </summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The same where the members have just changed: what a dead silo held is being given up, which takes a moment.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    /// <summary>Of all the calls that have waited for a silo's death so many wake shards at once: the calls of shards that were never away are between them.</summary>
    private const int AtOnce = 16;

    private readonly SemaphoreSlim _again = new(AtOnce);

    /// <summary>Makes a call, and makes it again while its owner is away.</summary>
    /// <param name="state">What the call needs.</param>
    /// <param name="call">The call; made twice it does no more than once.</param>
    /// <param name="deadlineMs">How long the caller waits; null for as long as this may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GridException">It failed, or the owner did not come back in time.</exception>
    public async ValueTask<T> CallAsync<TState, T>(TState state, Func<TState, ValueTask<T>> call, int? deadlineMs, CancellationToken cancellationToken)
    {
        var version = view.Version;
        try
        {
            return await call(state);
        }
        catch (Exception e) when (MayComeBack(e))
        {
            // Below, where the failure is forgotten.
        }
        catch (Exception e) when (DoorErrors.Translate(e, cancellationToken) is { } error)
        {
            throw new GridException(error, e);
        }

        return await DoorErrors.TranslateAsync(AgainAsync(state, call, version, deadlineMs, cancellationToken), cancellationToken);
    }

    public void Dispose() => _again.Dispose();

    /// <summary>A silo that has drained and ends hears of no change any more: its callers go elsewhere.</summary>
    private bool MayComeBack(Exception e) => view.Phase != SiloPhase.Drained && e is (SiloUnavailableException or OrleansMessageRejectionException);

    private async ValueTask<T> AgainAsync<TState, T>(TState state, Func<TState, ValueTask<T>> call, MembershipVersion version, int? deadlineMs, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var limit = deadlineMs is { } ms && ms < Limit.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : Limit;
        while (true)
        {
            // Against the version of before the first call: a change while that was under way counts.
            var left = limit - time.GetElapsedTime(began);
            var most = view.Version == version ? AgainAfter : Settling;
            await WaitAsync(view.Version, left < most ? left : most, cancellationToken);

            // One that hangs must not keep the others for ever.
            var entered = await _again.WaitAsync(AgainAfter, cancellationToken);
            try
            {
                return await call(state);
            }
            catch (Exception e) when (MayComeBack(e) && time.GetElapsedTime(began) < limit)
            {
                // Once more.
            }
            finally
            {
                if (entered)
                {
                    _again.Release();
                }
            }
        }
    }

    /// <summary>Returns once the members are others than they were, or after a while.</summary>
    private async Task WaitAsync(MembershipVersion version, TimeSpan most, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        do
        {
            await Task.Delay(Look, time, cancellationToken);
        }
        while (view.Version == version && time.GetElapsedTime(began) < most);
    }
}
