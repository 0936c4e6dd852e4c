using System.Buffers.Binary;
using Avro;
using Avro.Generic;
using Avro.IO;

namespace Grid.Streams.Kafka.Tests.Decoding;

/// <summary>Values written by Apache Avro's own encoder.</summary>
internal static class AvroValues
{
    public const string Event = """
        {"type":"record","name":"Event","namespace":"test","fields":[
          {"name":"type","type":"string"},
          {"name":"tenant","type":["null","string"]},
          {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
          {"name":"i","type":"int"},
          {"name":"l","type":"long"},
          {"name":"f","type":"float"},
          {"name":"d","type":"double"},
          {"name":"b","type":"boolean"},
          {"name":"raw","type":"bytes"},
          {"name":"color","type":{"type":"enum","name":"Color","symbols":["RED","GREEN"]}},
          {"name":"fix","type":{"type":"fixed","name":"Fix","size":3}},
          {"name":"tags","type":{"type":"array","items":"string"}},
          {"name":"attrs","type":{"type":"map","values":["null","long"]}},
          {"name":"place","type":["null",{"type":"record","name":"Place","fields":[{"name":"city","type":"string"},{"name":"inner","type":["null","Place"]}]}]},
          {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}
        ]}
        """;

    public static byte[] Framed(int id, byte[] body)
    {
        var value = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), id);
        body.CopyTo(value, 5);
        return value;
    }

    public static byte[] Encode(GenericRecord record)
    {
        using var stream = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(record.Schema).Write(record, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    public static GenericRecord Sample(int n = 7, string? tenant = "acme", bool hasPlace = true)
    {
        var schema = (RecordSchema)Schema.Parse(Event);
        var place = (RecordSchema)((UnionSchema)schema["place"].Schema)[1];
        var record = new GenericRecord(schema);
        record.Add("type", "pay");
        record.Add("tenant", tenant);
        record.Add("at", DateTime.UnixEpoch.AddMilliseconds(1_700_000_000_123));
        record.Add("i", n);
        record.Add("l", 9_007_199_254_740_993L);
        record.Add("f", 0.5f);
        record.Add("d", -12.25);
        record.Add("b", true);
        record.Add("raw", new byte[] { 1, 2 });
        record.Add("color", new GenericEnum((EnumSchema)schema["color"].Schema, "GREEN"));
        record.Add("fix", new GenericFixed((FixedSchema)schema["fix"].Schema, [1, 2, 3]));
        record.Add("tags", new object[] { "x", "y" });
        record.Add("attrs", new Dictionary<string, object?> { ["k"] = 1L, ["n"] = null });
        if (hasPlace)
        {
            var inner = new GenericRecord(place);
            inner.Add("city", "Bern");
            inner.Add("inner", null);
            var outer = new GenericRecord(place);
            outer.Add("city", "Zürich");
            outer.Add("inner", inner);
            record.Add("place", outer);
        }
        else
        {
            record.Add("place", null);
        }

        record.Add("price", new AvroDecimal(123.45m));
        return record;
    }
}
