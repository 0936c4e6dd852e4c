using System.Diagnostics.Metrics;

namespace Grid.Grains.Shards;

/// <summary>The metrics of predictions by entity, meter <c>Grid.Predictions</c>. Thread-safe; one per host.</summary>
internal sealed class PredictionInstruments
{
    public const string MeterName = "Grid.Predictions";

    private static readonly KeyValuePair<string, object?> s_isLocal = new("local", "true");
    private static readonly KeyValuePair<string, object?> s_isRemote = new("local", "false");
    private static readonly KeyValuePair<string, object?> s_isDirect = new("direct", "true");
    private static readonly KeyValuePair<string, object?> s_isForwarded = new("direct", "false");

    private readonly Counter<long> _predictions;
    private readonly Counter<long> _entries;
    private long _answered;

    public PredictionInstruments(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _predictions = meter.CreateCounter<long>("grid.entity.predictions", "{prediction}", "Predictions by entity, by whether the model ran in the process that holds the features.");
        _entries = meter.CreateCounter<long>("grid.entity.entries", "{request}", "Requests for an entity at this silo's door, by whether it was the owner's.");
    }

    /// <summary>Predictions answered by the shards of this silo since its start.</summary>
    public long Answered => Volatile.Read(ref _answered);

    public void Predicted(bool isLocal, int count)
    {
        Interlocked.Add(ref _answered, count);
        _predictions.Add(count, isLocal ? s_isLocal : s_isRemote);
    }

    public void Entered(bool isDirect) => _entries.Add(1, isDirect ? s_isDirect : s_isForwarded);
}
