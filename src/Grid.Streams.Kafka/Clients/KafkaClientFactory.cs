using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Makes clients from <see cref="KafkaConnectionOptions"/>. Making it checks the options and the native library; it connects to nothing.</summary>
public sealed class KafkaClientFactory : IKafkaClientFactory
{
    /// <summary>
    /// A broker may hold a fetch that finds nothing this long. Some hold it to the end even when a record comes, and all hold up with it what else was asked on the
    /// connection; librdkafka's own 500 ms would be seen as lag. An idle partition costs fifty small requests a second.
    /// </summary>
    private const string FetchWait = "fetch.wait.max.ms";
    private const string FetchWaitMs = "20";

    private readonly ClientConfig _connection;

    /// <exception cref="GridException">The options are wrong (all mistakes at once), or the native library is missing or too old.</exception>
    public KafkaClientFactory(KafkaConnectionOptions options, string path = "kafka")
    {
        var errors = options.Check(path);
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        KafkaNativeLibrary.Require();
        _connection = options.ToConfig();
        Cluster = options.BootstrapServers;
    }

    public string Cluster { get; }

    public IConsumer<TKey, TValue> CreateConsumer<TKey, TValue>(ConsumerConfig settings, Action<ConsumerBuilder<TKey, TValue>> configure)
    {
        var builder = new ConsumerBuilder<TKey, TValue>(Merge(settings));
        configure(builder);
        return Build(builder.Build);
    }

    public IProducer<byte[]?, byte[]?> CreateProducer(ProducerConfig settings, Action<ProducerBuilder<byte[]?, byte[]?>> configure)
    {
        var builder = new ProducerBuilder<byte[]?, byte[]?>(Merge(settings));
        configure(builder);
        return Build(builder.Build);
    }

    private T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new GridException(GridError.Invalid($"kafka '{Cluster}'", $"librdkafka refused the settings: {e.Message}", "Correct the property that it names."), e);
        }
    }

    internal Dictionary<string, string> Merge(ClientConfig settings)
    {
        var merged = new Dictionary<string, string>(_connection, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            merged[name] = value;
        }

        if (settings is ConsumerConfig)
        {
            merged.TryAdd(FetchWait, FetchWaitMs);
        }

        return merged;
    }
}
