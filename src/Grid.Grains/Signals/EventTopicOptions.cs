using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Signals;

/// <summary>The topic that events are written to. Read once, at start.</summary>
public sealed class EventTopicOptions
{
    /// <summary>The topic; it must exist or be made by the brokers on first use. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>How to reach its brokers.</summary>
    public KafkaConnectionOptions Connection { get; set; } = new();

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>; empty if nothing is.</summary>
    public IEnumerable<GridError> Check(string path) =>
        [.. KafkaTopic.CheckName(Name, $"{path}.name") is { } error ? [error] : Array.Empty<GridError>(), .. Connection.Check($"{path}.connection")];
}
