using Orleans;

namespace Grid.Primitives;

/// <summary>An expected failure as a value: what failed, which thing is to blame, and what to do about it. Immutable.</summary>
/// <param name="Code">The class of the failure.</param>
/// <param name="Target">The thing to blame, as a path an operator can find: <c>model 'fraud'</c>, <c>views[0].features[2].window</c>.</param>
/// <param name="Message">One sentence with the value and the limit it broke.</param>
/// <param name="Fix">What the caller or operator can do; null where there is nothing to do but wait.</param>
/// <param name="RetryAfterMs">For <see cref="GridErrorCode.Overloaded"/> and <see cref="GridErrorCode.Unavailable"/>: when a retry makes sense, in milliseconds.</param>
[GenerateSerializer, Immutable, Alias("grid.error")]
public sealed record GridError(
    [property: Id(0)] GridErrorCode Code,
    [property: Id(1)] string Target,
    [property: Id(2)] string Message,
    [property: Id(3)] string? Fix = null,
    [property: Id(4)] int? RetryAfterMs = null)
{
    /// <summary>The error as an exception, for callers that throw.</summary>
    public GridException ToException() => new(this);

    /// <inheritdoc />
    public override string ToString() => Fix is null ? $"{Target}: {Message}" : $"{Target}: {Message} {Fix}";

    public static GridError Invalid(string target, string message, string? fix = null) => new(GridErrorCode.InvalidArgument, target, message, fix);

    public static GridError NotFound(string target, string message, string? fix = null) => new(GridErrorCode.NotFound, target, message, fix);

    public static GridError Overloaded(string target, string message, string fix, int retryAfterMs) => new(GridErrorCode.Overloaded, target, message, fix, retryAfterMs);

    public static GridError Unavailable(string target, string message, string? fix, int retryAfterMs) => new(GridErrorCode.Unavailable, target, message, fix, retryAfterMs);
}
