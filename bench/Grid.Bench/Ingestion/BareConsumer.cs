using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using StackExchange.Redis;

namespace Grid.Bench.Ingestion;

/// <summary>
/// The plain loop, as a process: one consumer of all partitions, each value parsed and added. Each line of the input is a number of events;
/// it is answered with a line once they are consumed.
/// </summary>
internal static class BareConsumer
{
    /// <summary>Events between two flushes, as a consumer has that commits its offsets now and then.</summary>
    private const int FlushEvents = 1000;

    public static async Task<int> RunAsync(string bootstrap, int? redisPort, bool isChecked)
    {
        await using var redis = redisPort is { } port ? await ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")) : null;
        IPaymentSink sink = redis is null ? new DictionarySink() : new RedisSink(redis.GetDatabase(), isChecked);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "bare",
            EnableAutoCommit = false,
        }).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, PaymentTopic.Partitions).Select(static p => new TopicPartitionOffset(PaymentTopic.Name, p, Offset.Beginning)));
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var events = int.Parse(line, CultureInfo.InvariantCulture);
            for (var i = 1; i <= events; i++)
            {
                var message = consumer.Consume(CancellationToken.None).Message;
                var (card, amount) = Parse(message.Value);
                sink.Add(Encoding.UTF8.GetString(message.Key), card, amount);
                if (i % FlushEvents == 0 || i == events)
                {
                    await sink.FlushAsync();
                }
            }

            Console.WriteLine("done");
        }

        return 0;
    }

    private static (string Card, double Amount) Parse(byte[] value)
    {
        var json = new Utf8JsonReader(value);
        var card = "";
        var amount = 0.0;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (json.ValueTextEquals("card"u8))
            {
                json.Read();
                card = json.GetString()!;
            }
            else if (json.ValueTextEquals("amount"u8))
            {
                json.Read();
                amount = json.GetDouble();
            }
        }

        return (card, amount);
    }
}
