using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Grid.Bench.Ingestion;

/// <summary>
/// A topic of payments: the key is the tenant, the value about 100 bytes of JSON of which a consumer needs the card and the amount.
/// Tenants are skewed (Zipf, exponent 1), cards are uniform. What is written follows from the seed.
/// </summary>
internal sealed class PaymentTopic : IDisposable
{
    public const string Name = "payments";
    public const int Partitions = 4;
    public const int Cards = 100_000;

    private const int Seed = 229;
    private const int MaxQueued = 50_000;

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Random _random = new(Seed);
    private readonly double[] _cumulated;
    private readonly byte[][] _tenants;
    private readonly string _bootstrap;

    public PaymentTopic(string bootstrap, int tenants, double lingerMs = 20)
    {
        _bootstrap = bootstrap;
        _tenants = [.. Enumerable.Range(0, tenants).Select(static i => Encoding.UTF8.GetBytes(TenantName(i)))];
        _cumulated = new double[tenants];
        var sum = 0.0;
        for (var i = 0; i < tenants; i++)
        {
            _cumulated[i] = sum += 1.0 / (i + 1);
        }

        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            CompressionType = CompressionType.Lz4,
            LingerMs = lingerMs,
            BatchSize = 256 << 10,
            EnableIdempotence = true,
            QueueBufferingMaxMessages = MaxQueued * 2,
        }).SetLogHandler(static (_, _) => { }).Build();
    }

    /// <summary>The offset after the last record of each partition.</summary>
    public long[] Ends { get; } = new long[Partitions];

    public static string TenantName(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index}");

    public static string Value(int card, double amount) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"type":"payment","card":"c{{card:00000000}}","amount":{{amount:0.00}},"merchant":"m{{card % 997:0000}}","terminal":"t{{card % 9973:000000}}"}""");

    /// <summary>One record for each tenant, so that none is new later.</summary>
    public async Task GreetAsync()
    {
        for (var i = 0; i < _tenants.Length; i++)
        {
            Write(i);
        }

        await DeliveredAsync();
    }

    /// <summary>Writes records of any tenants without waiting for the brokers.</summary>
    public void Add(int events)
    {
        for (var i = 0; i < events; i++)
        {
            Write(Tenant());
        }
    }

    /// <summary>Writes one record of the first tenant whose amount is the given one.</summary>
    public void AddProbe(int card, double amount) => Write(0, card, amount);

    /// <summary>Writes records and waits until the brokers have them.</summary>
    /// <exception cref="InvalidOperationException">The brokers keep less than that.</exception>
    public async Task FillAsync(int events)
    {
        var starts = (long[])Ends.Clone();
        Add(events);
        await DeliveredAsync();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _bootstrap, GroupId = "watermarks" }).SetLogHandler(static (_, _) => { }).Build();
        for (var p = 0; p < Partitions; p++)
        {
            var kept = consumer.QueryWatermarkOffsets(new TopicPartition(Name, p), TimeSpan.FromSeconds(30));
            if (kept.Low.Value > starts[p])
            {
                throw new InvalidOperationException($"Partition {p} was filled from {starts[p]} and the brokers keep only from {kept.Low.Value}: use fewer events a round.");
            }
        }
    }

    public void Dispose() => _producer.Dispose();

    private int Tenant()
    {
        var at = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return Math.Min(at < 0 ? ~at : at, _tenants.Length - 1);
    }

    private void Write(int tenant) => Write(tenant, _random.Next(Cards), _random.Next(100, 100_000) / 100.0);

    private void Write(int tenant, int card, double amount)
    {
        // A tenant is one partition's, unless there are too few tenants to fill the partitions.
        var partition = (_tenants.Length < Partitions ? card : tenant) % Partitions;
        var value = Encoding.UTF8.GetBytes(Value(card, amount));
        Ends[partition]++;
        while (true)
        {
            try
            {
                _producer.Produce(new TopicPartition(Name, partition), new Message<byte[], byte[]> { Key = _tenants[tenant], Value = value });
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == Confluent.Kafka.ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private Task DeliveredAsync() => Task.Run(() =>
    {
        while (_producer.Flush(TimeSpan.FromSeconds(10)) > 0)
        {
        }
    });
}
