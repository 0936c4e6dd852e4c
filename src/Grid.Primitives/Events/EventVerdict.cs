namespace Grid.Primitives;

/// <summary>What became of one event. Wire and log format.</summary>
public enum EventVerdict : byte
{
    /// <summary>It is in the features.</summary>
    Accepted = 1,

    /// <summary>Its position or key was there already; it changed nothing.</summary>
    Duplicate = 2,

    /// <summary>Older than what the views still take; set aside.</summary>
    Late = 3,

    /// <summary>Its time is further ahead of its arrival than the allowed clock skew; set aside.</summary>
    Quarantined = 4,

    /// <summary>It breaks the schema: a push is refused, a streamed event set aside.</summary>
    Refused = 5,

    /// <summary>No view takes events of this type; it changed nothing.</summary>
    Unrouted = 6,
}
