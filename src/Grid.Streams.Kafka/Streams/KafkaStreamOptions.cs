using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>A stream provider on Kafka. Silos and clients of one provider declare the same topics.</summary>
public sealed class KafkaStreamOptions
{
    public KafkaConnectionOptions Connection { get; } = new();

    /// <summary>How partitions are read. <see cref="KafkaReaderOptions.GroupId"/> names the progress: each provider on a topic wants one of its own.</summary>
    public KafkaReaderOptions Reader { get; } = new();

    public IList<KafkaTopicOptions> Topics { get; } = [];

    /// <summary>Where a partition begins. Default: at the committed progress, or the earliest record where there is none.</summary>
    public KafkaStart Start { get; set; } = KafkaStart.Committed();

    /// <summary>Where records go that cannot be read or that a consumer keeps failing on. Null (default): the first such record holds its partition or its stream until it is dealt with.</summary>
    public DeadLetterOptions? DeadLetters { get; set; }

    /// <summary>Records of one stream that go to a consumer in one call at most. Default 100; 1 to 10,000. After a failure they are tried one by one.</summary>
    public int MaxDeliveryRecords { get; set; } = 100;

    /// <summary>Records held for consumers, for each partition; then reading waits. Default 10,000; 1 to 1,000,000.</summary>
    public int MaxCachedRecords { get; set; } = 10_000;

    /// <summary>Bytes held for consumers, for each partition. Default 16 MiB; 1 KiB to 16 GiB.</summary>
    public long MaxCachedBytes { get; set; } = 16 << 20;

    /// <summary>
    /// What to do where the progress lies outside what the broker keeps. False (default): the partition stops, and the log says so until somebody decides.
    /// True: it goes on at the earliest record, and the log says what is gone.
    /// </summary>
    public bool SkipsLostRecords { get; set; }

    /// <summary>How long the brokers may take to acknowledge what is sent. Default 30 s; 100 ms to 10 min.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path = "streams")
    {
        var check = new OptionsCheck(path);
        check.Add(Connection.Check($"{path}.connection"));
        check.Add(Reader.Check($"{path}.reader"));
        check.Add(DeadLetters?.Check($"{path}.deadLetters") ?? []);
        check.That(Topics.Count > 0, "topics", "is empty.", "Declare at least one topic with its partitions.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Topics.Count; i++)
        {
            var topic = Topics[i];
            check.That(!string.IsNullOrWhiteSpace(topic.Name), $"topics[{i}].name", "is empty.", "Name the topic.");
            check.That(names.Add(topic.Name), $"topics[{i}].name", $"is '{topic.Name}', as one before.", "Declare each topic once.");
            check.Range($"topics[{i}].partitions", topic.Partitions, 1, 10_000);
            check.That(topic.DefaultKey is not "", $"topics[{i}].defaultKey", "is empty.", "Leave it out, or name the stream for records without a key.");
        }

        check.That(DeadLetters is null || !names.Contains(DeadLetters.Topic), "deadLetters.topic", $"is '{DeadLetters?.Topic}', which is also a topic of the streams.", "Use a topic of its own.");
        check.Range("maxDeliveryRecords", MaxDeliveryRecords, 1, 10_000);
        check.Range("maxCachedRecords", MaxCachedRecords, 1, 1_000_000);
        check.Range("maxCachedBytes", MaxCachedBytes, 1 << 10, 1L << 34);
        check.Range("sendTimeout", SendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        return check.Errors;
    }
}
