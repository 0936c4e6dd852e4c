using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Streams;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Does with a partition's receiver and cache what Orleans' pulling agent does, a step at a time, with one subscription for each stream.</summary>
internal sealed class AgentWalk : IAsyncDisposable
{
    private readonly Dictionary<StreamId, KafkaQueueCursor> _cursors = [];
    private readonly CancellationTokenSource _deadline = KafkaFixture.Deadline();

    public AgentWalk(KafkaFixture kafka, string topic, Action<KafkaStreamOptions>? configure = null, KafkaInstruments? instruments = null)
    {
        var options = new KafkaStreamOptions { Start = KafkaStart.Earliest };
        options.Reader.MinBackoff = TimeSpan.FromMilliseconds(20);
        options.Reader.MaxBackoff = TimeSpan.FromMilliseconds(200);
        options.Reader.RequestTimeout = TimeSpan.FromMilliseconds(300);
        options.Topics.Add(new KafkaTopicOptions { Name = topic, Partitions = 1, External = new JsonRecordFormat<int>() });
        configure?.Invoke(options);
        instruments ??= new KafkaInstruments();
        var letters = options.DeadLetters is { } dead ? new KafkaDeadLetterProducer(kafka.Clients, dead, instruments) : null;
        var context = new KafkaQueueContext("test", options, kafka.Clients, Codec(), letters, instruments, TimeSpan.FromMinutes(1), NullLoggerFactory.Instance);
        Cache = new KafkaQueueCache(options, 0, context.MaxDeliveryTime);
        Receiver = new KafkaAdapterReceiver(context, options.Topics[0], 0, Cache);
        Letters = letters;
    }

    public KafkaQueueCache Cache { get; }

    public KafkaAdapterReceiver Receiver { get; }

    public KafkaDeadLetterProducer? Letters { get; }

    /// <summary>Events that the receiver handed over.</summary>
    public int Given { get; private set; }

    /// <summary>What each stream was given, by key.</summary>
    public Dictionary<string, List<int>> Taken { get; } = [];

    public static KafkaRecordCodec Codec()
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        return new KafkaRecordCodec(services.GetRequiredService<Serializer<KafkaEnvelope>>());
    }

    /// <summary>One read of the agent; true if it brought something.</summary>
    public async Task<bool> ReadAsync()
    {
        _deadline.Token.ThrowIfCancellationRequested();
        var messages = await Receiver.GetQueueMessagesAsync(Cache.GetMaxAddCount(), _deadline.Token);
        Cache.AddToCache(messages);
        foreach (var message in messages)
        {
            Given += ((KafkaBatchContainer)message).Events.Length;
            if (!_cursors.ContainsKey(message.StreamId))
            {
                _cursors[message.StreamId] = (KafkaQueueCursor)Cache.GetCacheCursor(message.StreamId, message.SequenceToken);
            }
        }

        return messages.Count > 0;
    }

    /// <summary>Delivers everything that is there.</summary>
    public void Deliver()
    {
        foreach (var (stream, cursor) in _cursors)
        {
            while (cursor.MoveNext())
            {
                var key = stream.GetKeyAsString();
                if (!Taken.TryGetValue(key, out var taken))
                {
                    Taken[key] = taken = [];
                }

                taken.AddRange(cursor.GetCurrent(out _)!.GetEvents<int>().Select(e => e.Item1));
            }
        }
    }

    public bool Purge() => Cache.TryPurgeFromCache(out _);

    public async ValueTask DisposeAsync()
    {
        await Receiver.Shutdown(TimeSpan.FromSeconds(5));
        Letters?.Dispose();
        _deadline.Dispose();
    }
}
