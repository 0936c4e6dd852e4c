using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Replicas;

/// <summary>Reaches the replicas of other silos, and of this one in place. Thread-safe.</summary>
internal sealed partial class ReplicaHostClient(IServiceProvider services, ReplicaRoutes routes, AfarRunner runner, TimeProvider time, ILogger<ReplicaHostClient> logger)
    : GrainServiceClient<IReplicaHost>(services)
{
    /// <summary>For requests without a deadline: a silo that has not even refused by then is in trouble, and nobody should wait for it for minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Has vectors computed.</summary>
    /// <param name="stops">Where to ask, in order; at least one.</param>
    /// <param name="run">What to compute.</param>
    /// <param name="deadline">Time stamp until which the caller waits; 0 where it does not say.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    /// <returns>The answer, and the silo that gave it.</returns>
    public Task<(AfarAnswer Answer, SiloAddress By)> RunAsync(SiloAddress[] stops, AfarRun run, long deadline, CancellationToken cancellationToken) =>
        TryEachAsync(
            stops,
            run.Version,
            deadline,
            (silo, ms) => silo.Equals(routes.Local) ? runner.RunAsync(run with { DeadlineMs = ms }, cancellationToken) : GetGrainService(silo).RunAsync(run with { DeadlineMs = ms }, cancellationToken),
            AfarAnswer.Failed,
            cancellationToken);

    /// <summary>Has a request by tensors computed.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public Task<(AfarTensorAnswer Answer, SiloAddress By)> RunTensorsAsync(SiloAddress[] stops, AfarTensors request, long deadline, CancellationToken cancellationToken) =>
        TryEachAsync(
            stops,
            request.Version,
            deadline,
            (silo, ms) => silo.Equals(routes.Local) ? runner.RunTensorsAsync(request with { DeadlineMs = ms }, cancellationToken) : GetGrainService(silo).RunTensorsAsync(request with { DeadlineMs = ms }, cancellationToken),
            AfarTensorAnswer.Failed,
            cancellationToken);

    /// <summary>Asks the silos in order until one answers. One that is away, or cannot hold the version, passes the request on; any other answer is the answer.</summary>
    private async Task<(T Answer, SiloAddress By)> TryEachAsync<T>(SiloAddress[] stops, VersionKey key, long deadline, Func<SiloAddress, int, Task<T>> ask, Func<GridError, T> failed, CancellationToken cancellationToken)
        where T : class, IAfarAnswer
    {
        T? last = null;
        var by = stops[0];
        foreach (var stop in stops)
        {
            var left = deadline == 0 ? Patience : time.GetElapsedTime(time.GetTimestamp(), deadline);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            by = stop;
            last = await AskAsync(stop, key, left, deadline == 0 ? 0 : (int)Math.Max(1, left.TotalMilliseconds), ask, failed, cancellationToken);
            if (last.Error?.Code is not (GridErrorCode.Unavailable or GridErrorCode.TooLarge))
            {
                break;
            }
        }

        return (last ?? failed(Expired(key, by)), by);
    }

    private async Task<T> AskAsync<T>(SiloAddress silo, VersionKey key, TimeSpan left, int deadlineMs, Func<SiloAddress, int, Task<T>> ask, Func<GridError, T> failed, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(silo, deadlineMs).WaitAsync(left, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return failed(new GridError(GridErrorCode.Cancelled, Target(key), "the caller gave up while another silo computed."));
        }
        catch (TimeoutException)
        {
            return failed(Expired(key, silo));
        }
        catch (GridException e)
        {
            return failed(e.Error);
        }
        catch (Exception e)
        {
            // Gone, or going: the next silo is asked, and the membership says so soon.
            LogAway(e, silo, key);
            return failed(GridError.Unavailable(Target(key), $"could not be reached on silo '{silo}': {e.Message}", "Send it again: another silo takes over.", retryAfterMs: 500));
        }
    }

    private static string Target(VersionKey key) => $"version '{key.Version}' of model '{key.Model}'";

    private static GridError Expired(VersionKey key, SiloAddress silo) =>
        new(GridErrorCode.DeadlineExceeded, Target(key), $"has no replica where the features are, and silo '{silo}' did not answer in time.", "Allow more time, or raise replicas.max in the manifest.");

    [LoggerMessage(EventId = 2151, Level = LogLevel.Warning, Message = "Silo {Silo} could not be asked to compute version {Version}")]
    private partial void LogAway(Exception error, SiloAddress silo, VersionKey version);
}
