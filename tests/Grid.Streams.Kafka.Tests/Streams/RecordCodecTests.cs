using System.Text;
using Confluent.Kafka;
using Grid.Streams.Kafka.Tests.Decoding;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>What the provider's own form keeps, and what it makes of bytes that are none.</summary>
public sealed class RecordCodecTests
{
    private static readonly KafkaTopicOptions Topic = new() { Name = "t", Partitions = 1 };
    private readonly KafkaRecordCodec _codec = AgentWalk.Codec();

    [Fact]
    public void EventsAndContext_ComeBackAsTheyWentTextsAsHeaders()
    {
        var message = Assert.Single(_codec.Write(Topic, [7], ["a", 5, new Order("o", 3)], new() { ["trace"] = "t-1", ["depth"] = 4, ["#RC_chain"] = "of the runtime" }));
        Assert.Equal(1, message.Value![0]);
        Assert.Equal("trace", Assert.Single(message.Headers).Key);

        Assert.Null(_codec.Parse(Topic, Read(message), out var parsed));

        Assert.Equal(new object[] { "a", 5, new Order("o", 3) }, parsed.Events);
        Assert.Equal(("t-1", 4, 2), (parsed.Context!["trace"], parsed.Context["depth"], parsed.Context.Count));
    }

    [Theory]
    [InlineData(null, "NullValue")]
    [InlineData("", "NullValue")]
    [InlineData("02", "SchemaMismatch")]
    [InlineData("01", "Malformed")]
    [InlineData("7B7D", "SchemaMismatch")]
    public void ValuesOfAnotherForm_AreFaultsThatSayWhich(string? hex, string reason) =>
        Assert.Equal(reason, _codec.Parse(Topic, Decoded.Record(hex is null ? null : Convert.FromHexString(hex), [1]), out _)?.Reason.ToString());

    [Fact]
    public void RecordWithoutKey_GoesToTheDefaultStreamOrIsAFault()
    {
        var value = _codec.Write(Topic, [], ["a"], null).Single().Value;
        Assert.Equal(RecordFaultReason.MissingKey, _codec.Parse(Topic, Decoded.Record(value), out _)?.Reason);
        Assert.Null(_codec.Parse(new KafkaTopicOptions { Name = "t", Partitions = 1, DefaultKey = "all" }, Decoded.Record(value), out var parsed));
        Assert.Equal("all", Encoding.UTF8.GetString(parsed.Key.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MutatedValues_AreEventsOrFaults(int seed)
    {
        var value = _codec.Write(Topic, [7], ["abc", 5, new Order("o", 3), 2.5], new() { ["depth"] = 4 }).Single().Value!;
        var random = new Random(seed);
        var (events, faults) = (0, 0);
        for (var round = 0; round < 5000; round++)
        {
            var mutated = value.ToArray();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                mutated[random.Next(1, mutated.Length)] = (byte)random.Next(256);
            }

            mutated = mutated[..random.Next(mutated.Length / 2, mutated.Length + 1)];
            try
            {
                var fault = _codec.Parse(Topic, Decoded.Record(mutated, [7]), out var parsed);
                Assert.True(fault is not null || parsed.Events.Count > 0);
                (events, faults) = fault is null ? (events + 1, faults) : (events, faults + 1);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {round}, value {Convert.ToHexString(mutated)}: {e}");
            }
        }

        Assert.True(events > 10 && faults > 10, $"{events} events and {faults} faults");
    }

    private static KafkaRecord Read(Message<byte[]?, byte[]?> message) => Decoded.Record(message.Value, message.Key, headers: [.. message.Headers.Select(h => new KafkaHeader(h.Key, h.GetValueBytes()))]);
}
