using System.Text;
using Grid.Primitives;
using Grid.Streams.Kafka.Tests.Decoding;
using Grid.Streams.Kafka.Tests.Reading;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.DeadLetters;

public sealed class DeadLetterTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task LetterKeepsTheRecordAndSaysWhereItComesFromAndWhy()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaDeadLetterProducer(_kafka.Clients, new DeadLetterOptions { Topic = topic });
        using var deadline = KafkaFixture.Deadline();
        var record = Decoded.Record([1, 2], [3], 99, headers: new KafkaHeader("own", [4]));

        Assert.Null(await producer.WriteAsync(new DeadLetter("src", 5, record, "Malformed", "no JSON", 3, "sub"), deadline.Token));

        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        var letter = (await reader.RecordsAsync(1))[0];
        Assert.Equal([3], letter.Key.Memory.ToArray());
        Assert.Equal([1, 2], letter.Value.Memory.ToArray());
        Assert.True(letter.TryGetHeader("own", out var own));
        Assert.Equal([4], own.ToArray());
        Assert.Equal(
            ("src", "5", "99", "Malformed", "no JSON", "3", "sub"),
            (Header(letter, "grid-source-topic"), Header(letter, "grid-source-partition"), Header(letter, "grid-source-offset"), Header(letter, "grid-error-reason"), Header(letter, "grid-error"), Header(letter, "grid-attempt"), Header(letter, "grid-subscription")));
        Assert.True(DateTimeOffset.TryParse(Header(letter, "grid-time"), System.Globalization.CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task NullKeyAndValue_StayNull()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaDeadLetterProducer(_kafka.Clients, new DeadLetterOptions { Topic = topic });
        using var deadline = KafkaFixture.Deadline();
        Assert.Null(await producer.WriteAsync([new DeadLetter("s", 0, Decoded.Record(null), "r", "t"), new DeadLetter("s", 0, Decoded.Record([], []), "r", "t")], deadline.Token));
        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        var letters = await reader.RecordsAsync(2);
        Assert.True(letters[0].Key.IsNull && letters[0].Value.IsNull);
        Assert.False(letters[1].Key.IsNull || letters[1].Value.IsNull);
    }

    [Fact]
    public async Task Outage_IsAnErrorThatNamesTheRecordAndTheNextAttemptSucceeds()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaDeadLetterProducer(_kafka.Clients, new DeadLetterOptions { Topic = topic, Timeout = TimeSpan.FromMilliseconds(300) });
        using var deadline = KafkaFixture.Deadline();
        var letter = new DeadLetter("src", 2, Decoded.Record([1], offset: 17), "Malformed", "x");
        _kafka.Cluster.Down();

        var error = await producer.WriteAsync(letter, deadline.Token);

        Assert.Equal(GridErrorCode.Unavailable, error!.Code);
        Assert.Contains("src#2 offset 17", error.Message, StringComparison.Ordinal);
        _kafka.Cluster.Up();
        while (await producer.WriteAsync(letter, deadline.Token) is not null)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }

        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        Assert.Equal("17", Header((await reader.RecordsAsync(1))[0], DeadLetterHeaders.Offset));
    }

    [Fact]
    public async Task RetriableErrors_LeaveOneLetter()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaDeadLetterProducer(_kafka.Clients, new DeadLetterOptions { Topic = topic });
        using var deadline = KafkaFixture.Deadline();
        _kafka.Cluster.FailNext(KafkaApi.Produce, ErrorCode.NotLeaderForPartition, ErrorCode.RequestTimedOut, ErrorCode.NotEnoughReplicas);
        Assert.Null(await producer.WriteAsync(new DeadLetter("s", 0, Decoded.Record([1]), "r", "t"), deadline.Token));
        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        await reader.RecordsAsync(1);
        Assert.Equal(1, (await reader.UntilAsync(s => s.HighWatermark > 0)).HighWatermark);
    }

    [Fact]
    public async Task RefusedTopic_IsAnErrorAtOnce()
    {
        var topic = _kafka.Topic();
        using var producer = new KafkaDeadLetterProducer(_kafka.Clients, new DeadLetterOptions { Topic = topic });
        using var deadline = KafkaFixture.Deadline();
        _kafka.Cluster.FailNext(KafkaApi.Produce, ErrorCode.TopicAuthorizationFailed);
        var error = await producer.WriteAsync(new DeadLetter("s", 0, Decoded.Record([1]), "r", "t"), deadline.Token);
        Assert.Contains("TopicAuthorizationFailed", error!.Message, StringComparison.Ordinal);
    }

    private static string? Header(KafkaRecord record, string name) => record.TryGetHeader(name, out var value) ? Encoding.UTF8.GetString(value.Span) : null;
}
