using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>One topic that features are fed from. Read once at start.</summary>
public sealed class IngestSourceOptions
{
    private const int MaxTopicLength = 249;

    /// <summary>Its name in keys, metrics and errors. Required, see <see cref="GridNames.Rule"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The workspace whose tenants it feeds. Default <c>default</c>.</summary>
    public string Workspace { get; set; } = GridNames.DefaultWorkspace;

    /// <summary>The topic. Required.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Tells this topic from one of the same name that is made later, whose offsets begin anew. Part of every mark, so never change it otherwise. Default: the topic's name.</summary>
    public string? Identity { get; set; }

    /// <summary>What its records are. Default events.</summary>
    public SourceContent Content { get; set; }

    /// <summary>How to reach the brokers. Required.</summary>
    public KafkaConnectionOptions Connection { get; set; } = new();

    /// <summary>How records become events. Required.</summary>
    public RecordMapping Mapping { get; set; } = new();

    /// <summary>Where Avro schemas come from; required with Avro.</summary>
    public SchemaRegistryOptions? SchemaRegistry { get; set; }

    /// <summary>Where a partition begins that was never read: true (default) for the earliest record, false for what is written from then on.</summary>
    public bool FromEarliest { get; set; } = true;

    /// <summary>A topic for records that are set aside; null (default): the dead letters of the store.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>How the partitions are read.</summary>
    public KafkaReaderOptions Reader { get; set; } = new();

    /// <summary>Bytes of one delivery to a shard, at which the next one begins. Default 256 KiB; 1 KiB to 64 MiB.</summary>
    public int MaxDeliveryBytes { get; set; } = 256 << 10;

    /// <summary>Bytes of events that are not yet durable, for each partition, at which reading waits. Default 32 MiB; 64 KiB to 16 GiB.</summary>
    public long MaxKeptBytes { get; set; } = 32 << 20;

    /// <summary>Events that are not yet durable, for each partition, at which reading waits. Default 500,000; 1,000 to 100,000,000.</summary>
    public int MaxKeptEvents { get; set; } = 500_000;

    /// <summary>How long a shard may stay away before its events leave memory and it catches up by a feed of its own. Default 10 s; 100 ms to 1 h.</summary>
    public TimeSpan ParkAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often shards that owe durability are asked. Default 100 ms; 10 ms to 10 s.</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the frontier is stored. Default 1 s; 10 ms to 1 min.</summary>
    public TimeSpan FrontierInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>For tests of the tests only: after a time-out or a gap the reader goes on with the next events, as one that skips does. Default false.</summary>
    public bool FaultSkipGaps { get; set; }

    /// <summary>The feed's name in marks and in the frontier's row.</summary>
    public string Feed => Identity ?? Topic;

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path)
    {
        var errors = new List<GridError>();
        Add(GridNames.Check("source", Name), "name");
        Add(GridNames.Check("workspace", Workspace), "workspace");
        That(Topic.Length is > 0 and <= MaxTopicLength && !Topic.Contains('#', StringComparison.Ordinal), "topic", $"is '{Topic}'.", $"Name a topic of 1 to {MaxTopicLength} characters.");
        That(Enum.IsDefined(Content), "content", $"is {(int)Content}.", "Use events or outcomes.");
        That(Identity is not { Length: 0 or > MaxTopicLength }, "identity", $"is '{Identity}'.", $"Give it 1 to {MaxTopicLength} characters, or leave it out for the topic's name.");
        That(DeadLetterTopic is not { Length: 0 or > MaxTopicLength }, "deadLetterTopic", $"is '{DeadLetterTopic}'.", "Name a topic, or leave it out to keep dead letters in the store.");
        That(Mapping.Format != RecordFormat.Avro || SchemaRegistry is not null, "schemaRegistry", "is missing, and Avro needs it.", "Say where the registry is.");
        Range("maxDeliveryBytes", MaxDeliveryBytes, 1 << 10, 64 << 20);
        Range("maxKeptBytes", MaxKeptBytes, 64 << 10, 16L << 30);
        Range("maxKeptEvents", MaxKeptEvents, 1000, 100_000_000);
        Range("parkAfter", ParkAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Range("askInterval", AskInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        Range("frontierInterval", FrontierInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        errors.AddRange(Connection.Check($"{path}.connection"));
        errors.AddRange(Mapping.Check($"{path}.mapping"));
        errors.AddRange(Reader.Check($"{path}.reader"));
        errors.AddRange(SchemaRegistry?.Check($"{path}.schemaRegistry") ?? []);
        return errors;

        void Add(GridError? error, string option)
        {
            if (error is not null)
            {
                errors.Add(error with { Target = $"{path}.{option}" });
            }
        }

        void That(bool holds, string option, string message, string fix)
        {
            if (!holds)
            {
                errors.Add(GridError.Invalid($"{path}.{option}", message, fix));
            }
        }

        void Range<T>(string option, T value, T least, T most)
            where T : IComparable<T> =>
            That(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, option, $"is {value}.", $"Use {least} to {most}.");
    }
}
