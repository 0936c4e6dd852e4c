using System.Diagnostics.Metrics;
using System.Text;
using System.Threading.Channels;
using Grid.Primitives;
using Grid.Storage.Predictions;
using Grid.Streams.Kafka;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Predictions;

/// <summary>
/// Writes logged predictions to a topic. <see cref="TryAdd"/> never waits: records are made and sent in the background, and what the brokers do not take within the bounds
/// is a gap, which is counted. An entity's predictions are in order as long as its shard stays on its silo. Thread-safe.
/// </summary>
internal sealed partial class PredictionTopic : IAsyncDisposable
{
    private static readonly KeyValuePair<string, byte[]>[] Headers = [new("content-type", Encoding.ASCII.GetBytes("application/json; charset=utf-8"))];

    /// <summary>A gap that goes on is said again no sooner.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>Its bound is in bytes, and kept by <see cref="TryAdd"/>.</summary>
    private readonly Channel<(LoggedPrediction Row, int Bytes)> _rows = Channel.CreateUnbounded<(LoggedPrediction, int)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly PredictionTopicOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PredictionTopic> _logger;
    private readonly PredictionTopicInstruments _instruments;
    private readonly KafkaBulkProducer _producer;
    private readonly TopicRecord _record = new();
    private readonly Task _sender;
    private long _bufferedBytes;
    private long _pending;
    private long _written;
    private long _missed;
    private long _quietUntilMs = long.MinValue;
    private GridError? _error;
    private bool _isDisposed;

    /// <exception cref="GridException">The options are wrong, or the client does not take them. Brokers that are away are none of this.</exception>
    public PredictionTopic(PredictionTopicOptions options, IMeterFactory meters, TimeProvider time, ILoggerFactory logging)
    {
        if (options.Check("predictions.topic") is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }

        _options = options;
        _time = time;
        _logger = logging.CreateLogger<PredictionTopic>();
        _producer = new KafkaBulkProducer(new KafkaClientFactory(options.Connection, "predictions.topic.connection"), options.Name, Headers, options.Timeout, logging);
        _instruments = new PredictionTopicInstruments(meters, () => Volatile.Read(ref _bufferedBytes));
        _sender = Task.Run(SendAsync);
    }

    public PredictionTopicStatus Status => new(Volatile.Read(ref _written), Volatile.Read(ref _missed), Volatile.Read(ref _bufferedBytes), Volatile.Read(ref _error));

    /// <summary>Hands a prediction over. Never waits and never throws; false where there is no room and the gap was counted.</summary>
    /// <param name="row">The prediction.</param>
    /// <param name="layoutBytes">Bytes of what all records of its layout have, roughly.</param>
    public bool TryAdd(LoggedPrediction row, int layoutBytes)
    {
        var bytes = TopicRecord.BytesOf(layoutBytes, row);
        if (Interlocked.Add(ref _bufferedBytes, bytes) <= _options.BufferBytes)
        {
            // Counted before anybody can answer it.
            Interlocked.Increment(ref _pending);
            if (_rows.Writer.TryWrite((row, bytes)))
            {
                return true;
            }

            Interlocked.Decrement(ref _pending);
        }

        Interlocked.Add(ref _bufferedBytes, -bytes);
        Missed("buffer_full", 1, null);
        return false;
    }

    /// <summary>Gives the brokers a last while to take what is left; what they do not take is a gap.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _rows.Writer.Complete();
        await _sender;
        await Task.Run(() => _producer.Flush(_options.FlushTimeout));
        _producer.Dispose();
        _record.Dispose();
        if (Volatile.Read(ref _pending) is > 0 and var left)
        {
            Missed("stopped", left, null);
        }
    }

    private async Task SendAsync()
    {
        await foreach (var (row, bytes) in _rows.Reader.ReadAllAsync())
        {
            var value = _record.ValueOf(row);
            var size = value.Length;
            if (_producer.TryWrite(TopicRecord.KeyOf(row), value, error => Answered(bytes, size, error)) is { } refused)
            {
                Answered(bytes, size, refused);
            }
        }
    }

    private void Answered(int bytes, int size, GridError? error)
    {
        Interlocked.Add(ref _bufferedBytes, -bytes);
        Interlocked.Decrement(ref _pending);
        Volatile.Write(ref _error, error);
        if (error is not null)
        {
            Missed("not_taken", 1, error);
            return;
        }

        Interlocked.Increment(ref _written);
        _instruments.Written(size);
    }

    private void Missed(string reason, long count, GridError? error)
    {
        var missed = Interlocked.Add(ref _missed, count);
        _instruments.Missed(reason, count);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = Volatile.Read(ref _quietUntilMs);
        if (now >= until && Interlocked.CompareExchange(ref _quietUntilMs, now + (long)Quiet.TotalMilliseconds, until) == until)
        {
            LogGap(_options.Name, reason, missed, error?.ToString() ?? "-");
        }
    }

    [LoggerMessage(EventId = 2851, Level = LogLevel.Warning, Message = "Topic {Topic} lacks predictions ({Reason}): {Count} since the start; {Error}")]
    private partial void LogGap(string topic, string reason, long count, string error);
}
