using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Where dead letters go.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>The topic; it must exist or be made by the brokers on first use. Required.</summary>
    public string Topic { get; set; } = "";

    /// <summary>How long one attempt to have a letter acknowledged may take. Default 30 s; 100 ms to 10 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest letter the client sends. Default 2 MiB, twice the largest record that brokers take by default; 1 KiB to 1,000,000,000 bytes.</summary>
    public int MaxMessageBytes { get; set; } = 2 << 20;

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path = "deadLetters")
    {
        var check = new OptionsCheck(path);
        check.That(!string.IsNullOrWhiteSpace(Topic), "topic", "is empty.", "Name the topic for records that are set aside.");
        check.Range("timeout", Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        check.Range("maxMessageBytes", MaxMessageBytes, 1 << 10, 1_000_000_000);
        return check.Errors;
    }
}
