namespace Grid.Streams.Kafka;

/// <summary>Headers that a dead letter has beside those of the record. Values are UTF-8 text. Wire format.</summary>
public static class DeadLetterHeaders
{
    public const string Topic = "grid-source-topic";

    public const string Partition = "grid-source-partition";

    public const string Offset = "grid-source-offset";

    /// <summary>The class of the error.</summary>
    public const string Reason = "grid-error-reason";

    public const string Error = "grid-error";

    public const string Attempt = "grid-attempt";

    /// <summary>When it was set aside, ISO 8601 in UTC.</summary>
    public const string Time = "grid-time";

    public const string Subscription = "grid-subscription";
}
