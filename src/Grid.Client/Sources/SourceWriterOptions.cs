namespace Grid.Client.Sources;

/// <summary>Bounds and waits of a <see cref="SourcePartitionWriter"/>.</summary>
public sealed record SourceWriterOptions
{
    public static readonly SourceWriterOptions Default = new();

    /// <summary>Events kept for sending again, in bytes, before a write waits for durability. Default 4 MiB.</summary>
    public long MaxKeptBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Deliveries kept although they are durable, and sent again whenever the writer rewinds: what a reader does whose own progress lags behind the shard's.
    /// The shard skips what it has. Default 0.
    /// </summary>
    public int ResendBehind { get; init; }

    /// <summary>Wait before sending again where the answer names none, in milliseconds. Default 100.</summary>
    public int RetryMs { get; init; } = 100;

    /// <summary>The longest wait, whatever the answer says, in milliseconds. Default 5,000.</summary>
    public int RetryMsMax { get; init; } = 5_000;
}
