using System.Text;
using Avro;
using Newtonsoft.Json;

namespace Grid.Streams.Kafka;

/// <summary>Compiles a writer's schema against the paths that a mapping wants.</summary>
internal sealed class AvroCompiler
{
    /// <summary>A schema that contains itself is laid out once for each path; this bounds what a hostile one can make of that.</summary>
    private const int MaxTypes = 10_000;

    private const long MsPerDay = 86_400_000;

    private readonly Dictionary<Schema, AvroType> _skips = new(ReferenceEqualityComparer.Instance);
    private int _types;

    /// <exception cref="RecordFormatException">The schema cannot be used.</exception>
    public static AvroType Compile(string json, IReadOnlyList<string> references, PathNode root)
    {
        Schema schema;
        try
        {
            // Names of a union's branches are known to the branches after them: that is how references come in.
            schema = references.Count == 0 ? Schema.Parse(json) : ((UnionSchema)Schema.Parse($"[{string.Join(',', references)},{json}]"))[references.Count];
        }
        catch (Exception e) when (e is AvroException or JsonException or InvalidCastException or ArgumentException)
        {
            throw new RecordFormatException(RecordFaultReason.SchemaUnknown, $"the schema cannot be parsed: {e.Message}");
        }

        return schema.Tag == Schema.Type.Record
            ? new AvroCompiler().Type(schema, root)
            : throw new RecordFormatException(RecordFaultReason.SchemaUnknown, $"the schema is a {schema.Tag.ToString().ToLowerInvariant()}, and an event needs a record.");
    }

    private AvroType Type(Schema schema, PathNode? node)
    {
        if (++_types > MaxTypes)
        {
            throw new RecordFormatException(RecordFaultReason.SchemaUnknown, $"the schema has more than {MaxTypes} fields once it is laid out; name those to take in the mapping.");
        }

        return node is null ? Skip(schema) : Build(schema, node);
    }

    /// <summary>How to pass over a schema: made once for each, so that one that contains itself ends.</summary>
    private AvroType Skip(Schema schema)
    {
        if (!_skips.TryGetValue(schema, out var type))
        {
            type = Build(schema, null);
        }

        return type;
    }

    private AvroType Build(Schema schema, PathNode? node)
    {
        switch (schema.Tag)
        {
            case Schema.Type.Record or Schema.Type.Error:
                var record = Keep(schema, new AvroType(AvroKind.Record, node));
                record.Parts = [.. ((RecordSchema)schema).Fields.Select(f => Type(f.Schema, node?.Child(Encoding.UTF8.GetBytes(f.Name))))];
                return record;
            case Schema.Type.Array:
                var array = Keep(schema, new AvroType(AvroKind.Array, null));
                array.Parts = [Type(((ArraySchema)schema).ItemSchema, null)];
                return array;
            case Schema.Type.Map:
                var map = Keep(schema, new AvroType(AvroKind.Map, null));
                map.Parts = [Type(((MapSchema)schema).ValueSchema, null)];
                return map;
            case Schema.Type.Union:
                var union = Keep(schema, new AvroType(AvroKind.Union, node));
                union.Parts = [.. ((UnionSchema)schema).Schemas.Select(s => Type(s, node))];
                return union;
            case Schema.Type.Enumeration:
                return new AvroType(AvroKind.Enum, node) { Symbols = [.. ((EnumSchema)schema).Symbols.Select(Encoding.UTF8.GetBytes)] };
            case Schema.Type.Fixed:
                return new AvroType(AvroKind.Fixed, null) { Size = ((FixedSchema)schema).Size };
            case Schema.Type.Logical:
                return Logical((LogicalSchema)schema, node);
            default:
                return new AvroType(Primitive(schema.Tag), node);
        }
    }

    private AvroType Keep(Schema schema, AvroType type)
    {
        if (type.Node is null)
        {
            _skips[schema] = type;
        }

        return type;
    }

    private AvroType Logical(LogicalSchema schema, PathNode? node) => schema.LogicalTypeName switch
    {
        "date" => new AvroType(AvroKind.Instant, node) { Scale = -MsPerDay },
        "timestamp-millis" or "local-timestamp-millis" => new AvroType(AvroKind.Instant, node) { Scale = 1 },
        "timestamp-micros" or "local-timestamp-micros" => new AvroType(AvroKind.Instant, node) { Scale = 1000 },
        "timestamp-nanos" or "local-timestamp-nanos" => new AvroType(AvroKind.Instant, node) { Scale = 1_000_000 },
        "decimal" => new AvroType(AvroKind.Decimal, node) { Size = schema.BaseSchema is FixedSchema f ? f.Size : -1, Scale = Scale(schema) },
        _ => Type(schema.BaseSchema, node),
    };

    private static long Scale(LogicalSchema schema) => long.TryParse(schema.GetProperty("scale"), out var scale) && scale is >= 0 and <= 300 ? scale : 0;

    private static AvroKind Primitive(Schema.Type tag) => tag switch
    {
        Schema.Type.Null => AvroKind.Null,
        Schema.Type.Boolean => AvroKind.Boolean,
        Schema.Type.Int or Schema.Type.Long => AvroKind.Integer,
        Schema.Type.Float => AvroKind.Float,
        Schema.Type.Double => AvroKind.Double,
        Schema.Type.String => AvroKind.Text,
        Schema.Type.Bytes => AvroKind.Bytes,
        _ => throw new RecordFormatException(RecordFaultReason.SchemaUnknown, $"the schema uses the type {tag}, which this build does not read."),
    };
}
