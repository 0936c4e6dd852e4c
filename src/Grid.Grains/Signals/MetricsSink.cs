using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Grains.ModelEvents;
using Grid.Grains.Monitoring;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>The metrics of events, meter <c>Grid.Signals</c>: by type, status and severity, so that the series are few. Thread-safe; one per host.</summary>
internal sealed class MetricsSink : IEventSink<Signal>, IEventSink<ModelEvent>
{
    public const string MeterName = "Grid.Signals";

    private readonly Counter<long> _signals;
    private readonly Counter<long> _models;
    private readonly Counter<long> _refused;

    public MetricsSink(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _signals = meter.CreateCounter<long>("grid.signals.events", "{event}", "Signals that were opened, became worse, were acknowledged or cleared; at least once each.");
        _models = meter.CreateCounter<long>("grid.models.events", "{event}", "What happened to models: versions registered and retired, steps of rollouts, aliases, tags; at least once each.");
        _refused = meter.CreateCounter<long>("grid.signals.refused", "{attempt}", "Attempts to tell a sink that failed and are repeated.");
    }

    public string Name => "metrics";

    public ValueTask<GridError?> SendAsync(Signal what, CancellationToken cancellationToken)
    {
        _signals.Add(1, new TagList { { "type", SignalInfos.NameOf(what.Type) }, { "status", SignalInfos.NameOf(what.Status) }, { "severity", SignalInfos.NameOf(what.Severity) } });
        return default;
    }

    public ValueTask<GridError?> SendAsync(ModelEvent what, CancellationToken cancellationToken)
    {
        _models.Add(1, new KeyValuePair<string, object?>("type", what.Type));
        return default;
    }

    /// <summary>A sink did not take an event.</summary>
    public void Refused(string sink) => _refused.Add(1, new KeyValuePair<string, object?>("sink", sink));
}
