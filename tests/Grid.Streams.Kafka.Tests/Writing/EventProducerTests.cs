using Grid.Primitives;
using Grid.Streams.Kafka.Tests.Reading;

namespace Grid.Streams.Kafka.Tests.Writing;

public sealed class EventProducerTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task RecordKeepsKeyValueAndHeaders_AndAnOutageIsAnErrorUntilTheNextAttemptSucceeds()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaEventProducer(_kafka.Clients, topic, TimeSpan.FromMilliseconds(300));
        using var deadline = KafkaFixture.Deadline();
        KeyValuePair<string, byte[]>[] headers = [new("content-type", KafkaFixture.Utf8("application/json"))];
        _kafka.Cluster.Down();

        var error = await producer.WriteAsync(KafkaFixture.Utf8("key"), KafkaFixture.Utf8("{}"), headers, deadline.Token);

        Assert.Equal(GridErrorCode.Unavailable, error!.Code);
        Assert.Contains(topic, error.Target, StringComparison.Ordinal);
        _kafka.Cluster.Up();
        while (await producer.WriteAsync(KafkaFixture.Utf8("key"), KafkaFixture.Utf8("{}"), headers, deadline.Token) is not null)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }

        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        var record = (await reader.RecordsAsync(1))[0];
        Assert.Equal((KafkaFixture.Utf8("key"), KafkaFixture.Utf8("{}")), (record.Key.Memory.ToArray(), record.Value.Memory.ToArray()), static (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
        Assert.True(record.TryGetHeader("content-type", out var type));
        Assert.Equal(KafkaFixture.Utf8("application/json"), type.ToArray());
    }
}
