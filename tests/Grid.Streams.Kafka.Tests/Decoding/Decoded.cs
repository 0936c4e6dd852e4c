using System.Globalization;
using System.Text;
using Grid.Primitives;

namespace Grid.Streams.Kafka.Tests.Decoding;

/// <summary>Decodes single records and shows the outcome as text.</summary>
internal static class Decoded
{
    public const long Arrival = 1_700_000_000_000;

    public static KafkaRecord Record(byte[]? value, byte[]? key = null, long offset = 42, long timestamp = Arrival, params KafkaHeader[] headers) =>
        new(offset, key is null ? KafkaBytes.Null : new KafkaBytes(key, false), value is null ? KafkaBytes.Null : new KafkaBytes(value, false), timestamp, timestamp < 0 ? KafkaTimestampKind.None : KafkaTimestampKind.CreateTime, headers);

    public static KafkaRecord Json(string json, string? key = null, params KafkaHeader[] headers) => Record(Encoding.UTF8.GetBytes(json), key is null ? null : Encoding.UTF8.GetBytes(key), headers: headers);

    /// <summary><c>tenant/type@time a=1 b='x'</c>, or <c>Reason: text</c>, or <c>nothing</c>.</summary>
    public static string One(this IRecordDecoder decoder, in KafkaRecord record)
    {
        var records = new DecodedRecords();
        records.Decode([record], decoder);
        var batch = records.Take();
        if (batch.Faults.Count > 0)
        {
            Assert.Equal(0, batch.Events.Count);
            return $"{batch.Faults[0].Fault.Reason}: {batch.Faults[0].Fault.Text}";
        }

        return batch.Events.Count == 0 ? "nothing" : Text(batch).Single();
    }

    public static List<string> Text(DecodedBatch batch)
    {
        var lines = new List<string>();
        var reader = new EventBatchReader(batch.Events);
        while (reader.MoveNext())
        {
            var line = new StringBuilder($"{batch.Tenants.Span[lines.Count]}/{batch.Events.Names[reader.TypeIndex]}@{reader.TimeMs}");
            var fields = reader.Fields;
            while (fields.MoveNext())
            {
                line.Append(CultureInfo.InvariantCulture, $" {batch.Events.Names[fields.NameIndex]}=").Append(fields.Kind switch
                {
                    EventValueKind.Number => fields.Number.ToString("R", CultureInfo.InvariantCulture),
                    EventValueKind.Text => $"'{Encoding.UTF8.GetString(fields.TextUtf8)}'",
                    EventValueKind.Bool => fields.Bool ? "true" : "false",
                    _ => "null",
                });
            }

            lines.Add(line.ToString());
        }

        Assert.Equal(batch.Tenants.Length, lines.Count);
        return lines;
    }
}
