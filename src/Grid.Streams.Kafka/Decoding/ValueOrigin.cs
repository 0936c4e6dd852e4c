namespace Grid.Streams.Kafka;

/// <summary>Where in a record a value stands.</summary>
public enum ValueOrigin
{
    /// <summary>The same for the whole topic.</summary>
    Constant = 1,

    /// <summary>A field of the value, by path.</summary>
    Field = 2,

    /// <summary>A header, as UTF-8.</summary>
    Header = 3,

    /// <summary>The record's key, as UTF-8.</summary>
    Key = 4,
}
