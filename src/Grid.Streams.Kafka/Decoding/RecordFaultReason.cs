namespace Grid.Streams.Kafka;

/// <summary>Why a record cannot become an event. Names are part of dead letters: never rename one.</summary>
public enum RecordFaultReason
{
    /// <summary>The bytes break the format: no JSON, cut Avro, a wrong wire type, text that is not UTF-8, a number that is not finite.</summary>
    Malformed = 1,

    /// <summary>The record has no value, and the mapping says that it must.</summary>
    NullValue = 2,

    /// <summary>The value is over the mapping's limit.</summary>
    TooLarge = 3,

    /// <summary>More fields than an event may have.</summary>
    TooManyFields = 4,

    /// <summary>The value names a schema that the registry does not know or that cannot be used.</summary>
    SchemaUnknown = 5,

    /// <summary>The value was written as another message than the configured one.</summary>
    SchemaMismatch = 6,

    MissingType = 7,

    MissingTenant = 8,

    MissingTime = 9,

    /// <summary>The event type or the tenant breaks the rule for names.</summary>
    InvalidName = 10,

    /// <summary>The event time cannot be read in the configured format, or is out of range.</summary>
    InvalidTime = 11,

    /// <summary>For streams: the record has no key to name its stream.</summary>
    MissingKey = 12,
}
