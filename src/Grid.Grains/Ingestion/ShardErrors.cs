using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Grains.Ingestion;

/// <summary>Which failures of a call to a shard pass by themselves.</summary>
internal static class ShardErrors
{
    private const int RetryMs = 100;

    public static bool IsTransient(GridErrorCode code) =>
        code is GridErrorCode.Unavailable or GridErrorCode.Overloaded or GridErrorCode.DeadlineExceeded or GridErrorCode.OutcomeUnknown;

    /// <summary>The error where the call's outcome is unknown or it was refused for now; null for a mistake and for the caller's own cancellation.</summary>
    public static GridError? Transient(Exception e, CancellationToken cancellationToken) => e switch
    {
        GridException grid => IsTransient(grid.Code) ? grid.Error : null,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        TimeoutException or OperationCanceledException or OrleansException or ObjectDisposedException =>
            GridError.Unavailable("shard", $"gave no answer: {e.Message}", fix: null, RetryMs),
        _ => null,
    };

    /// <summary>
    /// What keeps a shard away: whatever its call throws, for one that cannot be loaded must hold up no other. Null for the caller's own cancellation.
    /// </summary>
    public static GridError? Away(Exception e, CancellationToken cancellationToken) =>
        Transient(e, cancellationToken) ?? e switch
        {
            GridException grid => grid.Error,
            OperationCanceledException => null,
            _ => new GridError(GridErrorCode.Internal, "shard", $"failed: {e.Message}"),
        };
}
