namespace Grid.Primitives;

/// <summary>What went wrong, in the terms that every door maps to its own status (HTTP, gRPC, exit code). Values are wire format: never reuse one.</summary>
public enum GridErrorCode
{
    /// <summary>The request is wrong and will be wrong again. HTTP 400.</summary>
    InvalidArgument = 1,

    /// <summary>What the request names does not exist. HTTP 404.</summary>
    NotFound = 2,

    /// <summary>The name is taken by something else. HTTP 409.</summary>
    AlreadyExists = 3,

    /// <summary>Somebody else changed it first; read again and retry. HTTP 409.</summary>
    Conflict = 4,

    /// <summary>The request is right but the state forbids it. HTTP 412.</summary>
    FailedPrecondition = 5,

    /// <summary>A queue or a limit is full; retry after the given time. HTTP 429.</summary>
    Overloaded = 6,

    /// <summary>The part that answers is away for now; retry after the given time. HTTP 503.</summary>
    Unavailable = 7,

    /// <summary>The deadline cannot be met or has passed. HTTP 504.</summary>
    DeadlineExceeded = 8,

    /// <summary>The caller gave up. HTTP 499.</summary>
    Cancelled = 9,

    /// <summary>Valid, but not offered here. HTTP 501.</summary>
    Unsupported = 10,

    /// <summary>The body or file is over the limit. HTTP 413.</summary>
    TooLarge = 11,

    /// <summary>The write may or may not have happened; retry with the same key. HTTP 503.</summary>
    OutcomeUnknown = 12,

    /// <summary>Stored or sent bytes fail their checksum. HTTP 500.</summary>
    Corrupt = 13,

    /// <summary>A bug or a broken machine. HTTP 500.</summary>
    Internal = 14,
}
