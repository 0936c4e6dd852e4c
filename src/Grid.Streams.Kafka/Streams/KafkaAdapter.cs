using System.Globalization;
using Confluent.Kafka;
using Grid.Primitives;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>Sends events of streams, and makes receivers. Thread-safe.</summary>
internal sealed class KafkaAdapter : IQueueAdapter, IDisposable
{
    private const int RetryMs = 1000;

    private readonly KafkaQueueContext _context;
    private readonly KafkaQueueMapper _mapper;
    private readonly Func<QueueId, KafkaQueueCache> _cacheOf;
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?> _producer;

    /// <exception cref="GridException">librdkafka refuses the settings.</exception>
    public KafkaAdapter(KafkaQueueContext context, KafkaQueueMapper mapper, Func<QueueId, KafkaQueueCache> cacheOf)
    {
        _context = context;
        _mapper = mapper;
        _cacheOf = cacheOf;
        _producer = MakeProducer();
    }

    public string Name => _context.Provider;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var (topic, partition) = _mapper.Find(queueId);
        return new KafkaAdapterReceiver(_context, topic, partition, _cacheOf(queueId));
    }

    /// <summary>Ends once all in-sync replicas have the events.</summary>
    /// <exception cref="GridException">The topic is not declared, an event does not fit it, or the brokers did not take it in time (then it may be there all the same).</exception>
    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null)
        {
            throw new GridError(GridErrorCode.Unsupported, $"stream {streamId}", "an event was sent with a token, and Kafka gives positions itself.", "Send without a token.").ToException();
        }

        var (topic, partition) = _mapper.Find(streamId);
        object[] sent = [.. events.Select(e => (object?)e ?? throw GridError.Invalid($"stream {streamId}", "an event is null.", "Send events only.").ToException())];
        if (sent.Length == 0)
        {
            return;
        }

        var producer = _producer;
        var place = new TopicPartition(topic.Name, partition);
        try
        {
            await Task.WhenAll(_context.Codec.Write(topic, streamId.Key.ToArray(), sent, requestContext).Select(m => producer.ProduceAsync(place, m)));
        }
        catch (KafkaException e)
        {
            if (e.Error.IsFatal)
            {
                Replace(producer);
            }

            throw new GridException(ToError(place, e.Error), e);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _producer.Dispose();
        }
    }

    private static GridError ToError(TopicPartition place, Error error)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"topic '{place.Topic}' partition {place.Partition.Value}");
        return error.Code switch
        {
            ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize => new GridError(GridErrorCode.TooLarge, target, $"the events are over the limit of client or broker: {error.Reason}.", "Send fewer events in a batch, or raise message.max.bytes on both sides."),
            ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut => new GridError(GridErrorCode.OutcomeUnknown, target, $"the brokers did not acknowledge in time: {error.Reason}.", "The events may be there all the same; send again if consumers know duplicates.", RetryMs),
            _ => GridError.Unavailable(target, $"the events were not taken: {error.Code}, {error.Reason}.", "Look at the brokers and the rights of the user; send again.", RetryMs),
        };
    }

    private IProducer<byte[]?, byte[]?> MakeProducer() => _context.Clients.CreateProducer(
        new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 1, // Gathers what is sent in the same moment.
            MessageTimeoutMs = (int)_context.Options.SendTimeout.TotalMilliseconds,
        },
        static builder => builder.LogNowhere()); // Each event's own outcome says it.

    private void Replace(IProducer<byte[]?, byte[]?> failed)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_producer, failed))
            {
                _producer = MakeProducer();
                failed.Dispose();
            }
        }
    }
}
