namespace Grid.Streams.Kafka;

/// <summary>How a piece of an Avro value is read.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Integer,
    Float,
    Double,
    Text,
    Bytes,
    Fixed,
    Enum,
    Record,
    Array,
    Map,
    Union,

    /// <summary>Integers that count days, milliseconds, microseconds or nanoseconds since 1970.</summary>
    Instant,

    /// <summary>Bytes or a fixed that hold an unscaled integer.</summary>
    Decimal,
}
