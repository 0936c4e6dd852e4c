using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>The schemas that a decoder has met, compiled, and the ids that are known to be nobody's.</summary>
internal sealed class AvroSchemas(ISchemaSource source, PathNode root)
{
    /// <summary>Random bytes name random ids: beyond this all but the last are forgotten and asked for again.</summary>
    private const int MaxKnown = 4096;

    private readonly Dictionary<int, (AvroType? Type, RecordFault? Fault)> _known = [];
    private int _lastId;
    private AvroType? _last;

    public async ValueTask<GridError?> PrepareAsync(ReadOnlyMemory<KafkaRecord> records, CancellationToken cancellationToken)
    {
        if (_known.Count > MaxKnown)
        {
            _known.Clear();
            _last = null;
        }

        for (var i = 0; i < records.Length; i++)
        {
            if (!ConfluentFraming.TryReadId(records.Span[i].Value.Span, out var id) || (_last is not null && id == _lastId) || _known.ContainsKey(id))
            {
                continue;
            }

            var answer = await source.GetAsync(id, cancellationToken);
            if (answer.Error is { } error)
            {
                return error;
            }

            _known[id] = Compile(id, answer);
        }

        return null;
    }

    /// <exception cref="RecordFormatException">The id is nobody's, or its schema cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The id has not been prepared.</exception>
    public AvroType Get(int id)
    {
        if (_last is not null && id == _lastId)
        {
            return _last;
        }

        if (!_known.TryGetValue(id, out var entry))
        {
            throw new InvalidOperationException($"Schema {id} has not been prepared.");
        }

        if (entry.Fault is { } fault)
        {
            throw new RecordFormatException(fault.Reason, fault.Text);
        }

        (_lastId, _last) = (id, entry.Type);
        return entry.Type!;
    }

    private (AvroType? Type, RecordFault? Fault) Compile(int id, SchemaAnswer answer)
    {
        if (answer.Json is null)
        {
            return (null, new RecordFault(RecordFaultReason.SchemaUnknown, $"the registry has no Avro schema {id}."));
        }

        try
        {
            return (AvroCompiler.Compile(answer.Json, answer.References, root), null);
        }
        catch (RecordFormatException e)
        {
            return (null, e.Fault with { Text = $"schema {id}: {e.Fault.Text}" });
        }
    }
}
