using System.Collections.Concurrent;
using Grid.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>Makes the parts of one provider in a silo or a client. It talks to no broker: what is asked of them waits in the parts until they are there. Thread-safe.</summary>
internal sealed class KafkaAdapterFactory : IQueueAdapterFactory, IQueueAdapterCache, IAsyncDisposable
{
    private readonly ConcurrentDictionary<QueueId, KafkaQueueCache> _caches = new();
    private readonly KafkaQueueContext _context;
    private readonly KafkaQueueMapper _mapper;
    private KafkaAdapter? _adapter;

    private KafkaAdapterFactory(KafkaQueueContext context)
    {
        _context = context;
        _mapper = new KafkaQueueMapper(context.Options.Topics);
    }

    /// <exception cref="GridException">The options are wrong: all mistakes at once.</exception>
    public static KafkaAdapterFactory Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<KafkaStreamOptions>>().Get(name);
        var errors = options.Check($"streams['{name}']");
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        var clients = services.GetKeyedService<IKafkaClientFactory>(name) ?? new KafkaClientFactory(options.Connection, $"streams['{name}'].connection");
        var instruments = services.GetRequiredService<KafkaInstruments>();
        var logging = services.GetRequiredService<ILoggerFactory>();
        return new KafkaAdapterFactory(new KafkaQueueContext(
            name,
            options,
            clients,
            new KafkaRecordCodec(services.GetRequiredService<Serializer<KafkaEnvelope>>()),
            options.DeadLetters is { } letters ? new KafkaDeadLetterProducer(clients, letters, instruments, services.GetService<TimeProvider>(), logging) : null,
            instruments,
            services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name).MaxEventDeliveryTime,
            logging));
    }

    [Obsolete("Orleans asks for it; the overload with a token is the one it calls.")]
    public Task<IQueueAdapter> CreateAdapter() => CreateAdapter(CancellationToken.None);

    public Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken)
    {
        _adapter ??= new KafkaAdapter(_context, _mapper, queue => _caches[queue]);
        return Task.FromResult<IQueueAdapter>(_adapter);
    }

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    /// <summary>Called when a silo takes a partition over, before its receiver is made: what a former term held has no meaning any more.</summary>
    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        var cache = new KafkaQueueCache(_context.Options, _mapper.Find(queueId).Partition, _context.MaxDeliveryTime);
        _caches[queueId] = cache;
        return cache;
    }

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId)
    {
        var (topic, partition) = _mapper.Find(queueId);
        return Task.FromResult<IStreamFailureHandler>(new KafkaStreamFailureHandler(_context, topic, partition, () => _caches.GetValueOrDefault(queueId) is { IsClosed: false } cache ? cache : null));
    }

    public ValueTask DisposeAsync()
    {
        _adapter?.Dispose();
        _context.DeadLetters?.Dispose();
        return default;
    }
}
