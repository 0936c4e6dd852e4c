using System.Net;
using Grid.Primitives;

namespace Grid.Client.Wire;

/// <summary>Errors in wire form, and the HTTP status of each class.</summary>
public static class WireErrors
{
    /// <summary>The caller went away; no standard status says it.</summary>
    public const int ClientClosedRequest = 499;

    public static int StatusOf(GridErrorCode code) => code switch
    {
        GridErrorCode.InvalidArgument => 400,
        GridErrorCode.NotFound => 404,
        GridErrorCode.AlreadyExists or GridErrorCode.Conflict => 409,
        GridErrorCode.FailedPrecondition => 412,
        GridErrorCode.Overloaded => 429,
        GridErrorCode.Unavailable or GridErrorCode.OutcomeUnknown => 503,
        GridErrorCode.DeadlineExceeded => 504,
        GridErrorCode.Cancelled => ClientClosedRequest,
        GridErrorCode.Unsupported => 501,
        GridErrorCode.TooLarge => 413,
        _ => 500,
    };

    /// <summary>The class of a status that came without a problem body: from a proxy, or from another protocol.</summary>
    public static GridErrorCode CodeOf(HttpStatusCode status) => (int)status switch
    {
        404 => GridErrorCode.NotFound,
        409 => GridErrorCode.Conflict,
        412 => GridErrorCode.FailedPrecondition,
        413 => GridErrorCode.TooLarge,
        429 => GridErrorCode.Overloaded,
        ClientClosedRequest => GridErrorCode.Cancelled,
        501 => GridErrorCode.Unsupported,
        502 or 503 => GridErrorCode.Unavailable,
        408 or 504 => GridErrorCode.DeadlineExceeded,
        >= 500 => GridErrorCode.Internal,
        _ => GridErrorCode.InvalidArgument,
    };

    public static ErrorBody ToBody(GridError error) => new()
    {
        Code = WireEnum.NameOf(error.Code),
        Target = error.Target,
        Message = error.Message,
        Fix = error.Fix,
        RetryAfterMs = error.RetryAfterMs,
    };

    /// <summary>An unknown code, of a newer silo, reads as <see cref="GridErrorCode.Internal"/>.</summary>
    public static GridError FromBody(ErrorBody body) =>
        new(WireEnum.TryParse<GridErrorCode>(body.Code, out var code) ? code : GridErrorCode.Internal, body.Target, body.Message, body.Fix, body.RetryAfterMs);

    public static ProblemBody ToProblem(IReadOnlyList<GridError> errors)
    {
        var first = errors[0];
        var code = WireEnum.NameOf(first.Code);
        return new ProblemBody
        {
            Type = $"urn:grid:error:{code}",
            Title = TitleOf(first.Code),
            Status = StatusOf(first.Code),
            Detail = first.ToString(),
            Code = code,
            Target = first.Target,
            Message = first.Message,
            Fix = first.Fix,
            RetryAfterMs = first.RetryAfterMs,
            Errors = [.. errors.Select(ToBody)],
        };
    }

    private static string TitleOf(GridErrorCode code) => code switch
    {
        GridErrorCode.InvalidArgument => "The request is wrong",
        GridErrorCode.NotFound => "Not found",
        GridErrorCode.AlreadyExists => "The name is taken",
        GridErrorCode.Conflict => "Changed by somebody else",
        GridErrorCode.FailedPrecondition => "The state forbids it",
        GridErrorCode.Overloaded => "Overloaded",
        GridErrorCode.Unavailable => "Unavailable for now",
        GridErrorCode.DeadlineExceeded => "The deadline cannot be met",
        GridErrorCode.Cancelled => "Cancelled by the caller",
        GridErrorCode.Unsupported => "Not offered here",
        GridErrorCode.TooLarge => "Over the limit",
        GridErrorCode.OutcomeUnknown => "The outcome is unknown",
        GridErrorCode.Corrupt => "Bytes fail their checksum",
        _ => "Internal error",
    };
}
