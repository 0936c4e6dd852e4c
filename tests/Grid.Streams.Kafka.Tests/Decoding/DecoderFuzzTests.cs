using System.Text;
using Google.Protobuf;

namespace Grid.Streams.Kafka.Tests.Decoding;

/// <summary>Mutated values: whatever comes, a decoder gives a batch that reads back or a fault, and nothing else.</summary>
public sealed class DecoderFuzzTests
{
    private const int Rounds = 20_000;

    public static TheoryData<RecordFormat, int> Seeds => new() { { RecordFormat.Json, 1 }, { RecordFormat.Json, 2 }, { RecordFormat.Avro, 1 }, { RecordFormat.Avro, 2 }, { RecordFormat.Protobuf, 1 }, { RecordFormat.Protobuf, 2 } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task MutatedValues_AreEventsOrFaults(RecordFormat format, int seed)
    {
        var set = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(set, ProtobufValues.Set().ToByteArray());
            var decoder = new RecordDecoder(
                new RecordMapping { Format = format, Type = ValueSource.Field("type"), Tenant = ValueSource.Field("tenant"), TimeField = "at", DescriptorSet = set, MessageType = "test.Event" },
                new OneSchema());
            var random = new Random(seed);
            byte[][] samples = format switch
            {
                RecordFormat.Json => [.. Enumerable.Range(0, 4).Select(i => Encoding.UTF8.GetBytes($$$"""{"type":"pay","tenant":"acme","at":{{{i}}},"s":"a\u00e9\ud83d\ude00","x":[1,{"y":null}],"o":{"p":{"q":-1.5e3,"r":true}},"big":18446744073709551615}"""))],
                RecordFormat.Avro => [.. Enumerable.Range(0, 4).Select(i => AvroValues.Framed(5, AvroValues.Encode(AvroValues.Sample(i, hasPlace: i % 2 == 0))))],
                _ => [.. Enumerable.Range(0, 4).Select(i => ProtobufValues.Sample(i))],
            };
            var (events, faults) = (0, 0);
            for (var round = 0; round < Rounds; round++)
            {
                var value = Mutate(samples[random.Next(samples.Length)], samples, random);
                KafkaRecord[] records = [Decoded.Record(value, offset: round)];
                try
                {
                    Assert.Null(await decoder.PrepareAsync(records, CancellationToken.None));
                    var decoded = new DecodedRecords();
                    decoded.Decode(records, decoder);
                    var batch = decoded.Take();
                    Assert.Equal(1, batch.Events.Count + batch.Faults.Count);
                    Decoded.Text(batch);
                    events += batch.Events.Count;
                    faults += batch.Faults.Count;
                }
                catch (Exception e)
                {
                    Assert.Fail($"{format}, seed {seed}, round {round}, value {Convert.ToHexString(value)}: {e}");
                }
            }

            // The mutations are neither all harmless nor all deadly, or they would show little.
            Assert.True(events > Rounds / 100 && faults > Rounds / 100, $"{events} events and {faults} faults");
        }
        finally
        {
            File.Delete(set);
        }
    }

    private static byte[] Mutate(byte[] sample, byte[][] samples, Random random)
    {
        var value = sample.ToList();
        for (var edits = random.Next(1, 4); edits > 0 && value.Count > 0; edits--)
        {
            var at = random.Next(value.Count);
            switch (random.Next(7))
            {
                case 0:
                    value[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    value[at] = (byte)random.Next(256);
                    break;
                case 2:
                    value.RemoveRange(at, value.Count - at);
                    break;
                case 3:
                    value.RemoveRange(at, Math.Min(random.Next(1, 9), value.Count - at));
                    break;
                case 4:
                    value.InsertRange(at, value.GetRange(at, Math.Min(random.Next(1, 20), value.Count - at)));
                    break;
                case 5:
                    value.InsertRange(at, [0xff, 0xff, 0xff, 0xff, 0x7f]);
                    break;
                default:
                    var other = samples[random.Next(samples.Length)];
                    value.InsertRange(at, other.AsSpan(random.Next(other.Length)));
                    break;
            }
        }

        return [.. value];
    }

    private sealed class OneSchema : ISchemaSource
    {
        public ValueTask<SchemaAnswer> GetAsync(int id, CancellationToken cancellationToken) => new(id == 5 ? SchemaAnswer.Found(AvroValues.Event) : SchemaAnswer.None);
    }
}
