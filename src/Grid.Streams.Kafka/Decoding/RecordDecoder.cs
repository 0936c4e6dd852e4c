using System.Text.Unicode;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Decodes records by a mapping: the format's reader stages the fields, then type, tenant and time are found, then the event is written. Not thread-safe.</summary>
public sealed class RecordDecoder : IRecordDecoder
{
    private readonly RecordMapping _mapping;
    private readonly IValueReader _reader;
    private readonly AvroSchemas? _schemas;
    private readonly PathNode _root;
    private readonly PathNode? _typeNode;
    private readonly PathNode? _tenantNode;
    private readonly PathNode? _timeNode;
    private readonly FieldStage _stage;

    /// <param name="schemas">Required for Avro.</param>
    /// <exception cref="GridException">The mapping is wrong: all mistakes at once.</exception>
    public RecordDecoder(RecordMapping mapping, ISchemaSource? schemas = null, string path = "mapping")
    {
        var errors = mapping.Check(path).ToList();
        if (mapping.Format == RecordFormat.Avro && schemas is null)
        {
            errors.Add(GridError.Invalid($"{path}.format", "is avro, and no schema registry is configured.", "Configure the schema registry."));
        }

        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        _mapping = mapping;
        (_root, _typeNode, _tenantNode, _timeNode) = PathNode.Build(mapping);
        _stage = new FieldStage(mapping.MaxFields + 3); // Type, tenant and time may stand beside the fields that are taken.
        switch (mapping.Format)
        {
            case RecordFormat.Avro:
                _schemas = new AvroSchemas(schemas!, _root);
                _reader = new AvroValueReader(_schemas);
                break;
            case RecordFormat.Protobuf:
                _reader = ProtobufValueReader.Create(mapping, path);
                break;
            default:
                _reader = new JsonValueReader();
                break;
        }
    }

    public ValueTask<GridError?> PrepareAsync(ReadOnlyMemory<KafkaRecord> records, CancellationToken cancellationToken) =>
        _schemas?.PrepareAsync(records, cancellationToken) ?? default;

    public RecordFault? Decode(in KafkaRecord record, DecodedRecords into)
    {
        if (record.Value.IsNull)
        {
            if (_mapping.TombstonesAreFaults)
            {
                return new RecordFault(RecordFaultReason.NullValue, "the record has no value.");
            }

            into.Skip();
            return null;
        }

        if (record.Value.Memory.Length > _mapping.MaxValueBytes)
        {
            return new RecordFault(RecordFaultReason.TooLarge, $"the value has {record.Value.Memory.Length} bytes, and the limit is {_mapping.MaxValueBytes}.");
        }

        try
        {
            _stage.Restart();
            _reader.Read(record.Value.Span, _root, _stage);
            var type = Name(record, _mapping.Type!, _typeNode, RecordFaultReason.MissingType, "event type");
            var tenant = Name(record, _mapping.Tenant!, _tenantNode, RecordFaultReason.MissingTenant, "tenant");
            Write(record, tenant, type, Time(record), into);
            return null;
        }
        catch (RecordFormatException e)
        {
            return e.Fault;
        }
    }

    private string Name(in KafkaRecord record, ValueSource source, PathNode? node, RecordFaultReason missing, string kind)
    {
        string? name = null;
        switch (source.Origin)
        {
            case ValueOrigin.Constant:
                return source.Name;
            case ValueOrigin.Field:
                name = _stage.NameOf(node!);
                break;
            case ValueOrigin.Header when record.TryGetHeader(source.Name, out var header):
                name = Utf8Name(header.Span, source, kind);
                break;
            case ValueOrigin.Key when !record.Key.IsNull:
                name = Utf8Name(record.Key.Span, source, kind);
                break;
            default:
                break;
        }

        if (name is null)
        {
            throw new RecordFormatException(missing, $"the {kind} is missing at {source}.");
        }

        return GridNames.IsValid(name) ? name : throw new RecordFormatException(RecordFaultReason.InvalidName, $"the {kind} at {source} is no valid name. {GridNames.Rule}");
    }

    private string Utf8Name(ReadOnlySpan<byte> utf8, ValueSource source, string kind) =>
        Utf8.IsValid(utf8) ? _stage.NameOf(utf8) : throw new RecordFormatException(RecordFaultReason.InvalidName, $"the {kind} at {source} is not UTF-8.");

    private long Time(in KafkaRecord record)
    {
        if (_timeNode is null)
        {
            return record.TimestampMs >= 0 ? record.TimestampMs : throw new RecordFormatException(RecordFaultReason.MissingTime, "the record has no time stamp.");
        }

        if (!_stage.Has(_timeNode))
        {
            throw new RecordFormatException(RecordFaultReason.MissingTime, $"the event time is missing at field:{_timeNode.Path}.");
        }

        return _stage.TimeOf(_timeNode, _mapping.TimeFormat)
            ?? throw new RecordFormatException(RecordFaultReason.InvalidTime, $"the event time at field:{_timeNode.Path} is no time in {_mapping.TimeFormat.ToString().ToLowerInvariant()} between the years 1 and 9999.");
    }

    private void Write(in KafkaRecord record, string tenant, string type, long time, DecodedRecords into)
    {
        // Nothing below throws: a begun event is always ended.
        var builder = into.Begin(tenant, type).Time(time).Position(record.Offset);
        if (record.TimestampMs >= 0)
        {
            builder.Arrival(record.TimestampMs);
        }

        _stage.WriteTo(builder);
        builder.End();
    }
}
