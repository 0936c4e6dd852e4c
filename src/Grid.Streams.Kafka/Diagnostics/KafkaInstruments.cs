using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>The metrics of readers, dead letters and stream caches, meter <c>Grid.Streams.Kafka</c>; tagged by topic and partition. Thread-safe; one per host.</summary>
public sealed class KafkaInstruments
{
    public const string MeterName = "Grid.Streams.Kafka";

    private readonly ConcurrentDictionary<KafkaPartitionReader, TagList> _readers = new();
    private readonly ConcurrentDictionary<object, (TagList Tags, Func<long> Bytes)> _caches = new();
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _pollErrors;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _deadLetters;

    /// <param name="factory">Null: a meter of its own.</param>
    public KafkaInstruments(IMeterFactory? factory = null)
    {
        var meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _records = meter.CreateCounter<long>("grid.kafka.records", "{record}", "Records read.");
        _bytes = meter.CreateCounter<long>("grid.kafka.read.bytes", "By", "Keys, values and headers of the records read.");
        _pollErrors = meter.CreateCounter<long>("grid.kafka.poll.errors", "{error}", "Errors of brokers and client while reading, by code.");
        _reconnects = meter.CreateCounter<long>("grid.kafka.reconnects", "{reconnect}", "Times that the brokers were found again.");
        _deadLetters = meter.CreateCounter<long>("grid.kafka.dead_letters", "{record}", "Records set aside, by reason.");
        meter.CreateObservableGauge("grid.kafka.lag", Lags, "{record}", "Records that the broker has and the reader has not fetched.");
        meter.CreateObservableGauge("grid.kafka.cache.bytes", CacheBytes, "By", "What the stream provider holds for consumers that are behind.");
    }

    internal void Add(KafkaPartitionReader reader) => _readers[reader] = Tags(reader.Topic, reader.Partition);

    internal void Remove(KafkaPartitionReader reader) => _readers.TryRemove(reader, out _);

    internal void AddCache(object cache, string topic, int partition, Func<long> bytes) => _caches[cache] = (Tags(topic, partition), bytes);

    internal void RemoveCache(object cache) => _caches.TryRemove(cache, out _);

    internal void Read(KafkaPartitionReader reader, int records, long bytes)
    {
        if (_records.Enabled || _bytes.Enabled)
        {
            var tags = Tags(reader);
            _records.Add(records, tags);
            _bytes.Add(bytes, tags);
        }
    }

    internal void PollFailed(KafkaPartitionReader reader, Error error)
    {
        if (_pollErrors.Enabled)
        {
            var tags = Tags(reader);
            tags.Add("code", error.Code.ToString());
            _pollErrors.Add(1, tags);
        }
    }

    internal void Reconnected(KafkaPartitionReader reader)
    {
        if (_reconnects.Enabled)
        {
            _reconnects.Add(1, Tags(reader));
        }
    }

    internal void DeadLettered(string topic, int partition, string reason)
    {
        if (_deadLetters.Enabled)
        {
            var tags = Tags(topic, partition);
            tags.Add("reason", reason);
            _deadLetters.Add(1, tags);
        }
    }

    private static TagList Tags(string topic, int partition) => new() { { "topic", topic }, { "partition", partition } };

    private TagList Tags(KafkaPartitionReader reader) => _readers.TryGetValue(reader, out var tags) ? tags : Tags(reader.Topic, reader.Partition);

    private IEnumerable<Measurement<long>> Lags() => _readers.Select(r => new Measurement<long>(r.Key.Status.Lag, r.Value));

    private IEnumerable<Measurement<long>> CacheBytes() => _caches.Values.Select(c => new Measurement<long>(c.Bytes(), c.Tags));
}
