using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Silo.Doors;

/// <summary>What the actor runtime throws, in the terms of the doors. An answer that did not come is never a bug of the caller's.</summary>
internal static class DoorErrors
{
    private const int RetryMs = 200;

    public static async ValueTask<T> TranslateAsync<T>(ValueTask<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (Exception e) when (Translate(e, cancellationToken) is { } error)
        {
            throw new GridException(error, e);
        }
    }

    public static ValueTask<T> TranslateAsync<T>(Task<T> call, CancellationToken cancellationToken) =>
        TranslateAsync(new ValueTask<T>(call), cancellationToken);

    public static async ValueTask TranslateAsync(ValueTask call, CancellationToken cancellationToken)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (Translate(e, cancellationToken) is { } error)
        {
            throw new GridException(error, e);
        }
    }

    /// <summary>What a failure is called at a door; null where it passes as it is.</summary>
    internal static GridError? Translate(Exception e, CancellationToken cancellationToken) => e switch
    {
        GridException => null,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        TimeoutException => new GridError(GridErrorCode.DeadlineExceeded, "grid", "the owner did not answer in time; what became of the call is unknown.", "Retry; writes with the same keys.", RetryMs),
        SiloUnavailableException or OrleansMessageRejectionException or GatewayTooBusyException or OperationCanceledException =>
            new GridError(GridErrorCode.Unavailable, "grid", "the owner is moving or its silo is away.", "Retry; writes with the same keys.", RetryMs),
        OrleansException => new GridError(GridErrorCode.Unavailable, "grid", $"the call could not be made: {e.Message}", "Retry; writes with the same keys.", RetryMs),
        _ => null,
    };
}
