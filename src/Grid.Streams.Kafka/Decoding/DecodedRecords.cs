using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Collects what decoders make of records. Not thread-safe; reusable after <see cref="Take"/>.</summary>
public sealed class DecodedRecords
{
    /// <summary>The builder's table of names only grows; beyond this a new one is begun, so that records with ever new names do not swell every batch.</summary>
    private const int MaxNames = 2048;

    private EventBatchBuilder _builder = new();
    private string[] _tenants = new string[64];
    private List<DecodedFault> _faults = [];
    private int _skipped;

    /// <summary>Events so far.</summary>
    public int Count => _builder.Count;

    /// <summary>Encoded size of the events so far.</summary>
    public int Bytes => _builder.Bytes;

    /// <summary>Decodes records that have been prepared; faults are collected.</summary>
    public void Decode(ReadOnlySpan<KafkaRecord> records, IRecordDecoder decoder)
    {
        foreach (ref readonly var record in records)
        {
            if (decoder.Decode(record, this) is { } fault)
            {
                _faults.Add(new DecodedFault(record, fault));
            }
        }
    }

    /// <summary>Counts a record that states no fact.</summary>
    public void Skip() => _skipped++;

    /// <summary>Begins an event of a tenant; the caller fills and ends it.</summary>
    public EventBatchBuilder Begin(string tenant, string type)
    {
        if (_builder.Count == _tenants.Length)
        {
            Array.Resize(ref _tenants, _tenants.Length * 2);
        }

        _tenants[_builder.Count] = tenant;
        return _builder.Begin(type);
    }

    /// <summary>What was collected; begins anew.</summary>
    public DecodedBatch Take()
    {
        var tenants = _tenants.AsMemory(0, _builder.Count).ToArray();
        var batch = new DecodedBatch(_builder.Build(), tenants, _faults, _skipped);
        if (batch.Events.Names.Length > MaxNames)
        {
            _builder = new EventBatchBuilder();
        }

        _faults = [];
        _skipped = 0;
        return batch;
    }
}
