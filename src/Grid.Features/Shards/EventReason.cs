namespace Grid.Features.Shards;

/// <summary>Why an event is not in the features. Log format: never reuse a value.</summary>
public enum EventReason : byte
{
    None = 0,

    /// <summary>It has no event time.</summary>
    NoTime = 1,

    /// <summary>Its time is over about 4,450 years from 1970.</summary>
    TimeOutOfRange = 2,

    /// <summary>A field has another kind than the views declare.</summary>
    WrongKind = 3,

    /// <summary>A field that is the key of a view is missing or empty.</summary>
    MissingKey = 4,

    /// <summary>A number is NaN or infinite.</summary>
    NotFinite = 5,

    /// <summary>A key has over 512 bytes.</summary>
    KeyTooLong = 6,

    /// <summary>Its time is further ahead of its arrival than the allowed clock skew.</summary>
    FromTheFuture = 7,

    /// <summary>It is older than the views still take.</summary>
    TooLate = 8,

    /// <summary>It would have to be set aside, and the outbox is full.</summary>
    OutboxFull = 9,

    /// <summary>The memory for idempotency keys is full.</summary>
    KeysFull = 10,

    /// <summary>The memory for features is full.</summary>
    MemoryFull = 11,
}
