using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Grains.Monitoring;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>The metrics of signals, meter <c>Grid.Signals</c>: by type, status and severity, so that the series are few. Thread-safe; one per host.</summary>
internal sealed class MetricsSink : ISignalSink
{
    public const string MeterName = "Grid.Signals";

    private readonly Counter<long> _signals;
    private readonly Counter<long> _refused;

    public MetricsSink(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _signals = meter.CreateCounter<long>("grid.signals.events", "{event}", "Signals that were opened, became worse, were acknowledged or cleared; at least once each.");
        _refused = meter.CreateCounter<long>("grid.signals.refused", "{attempt}", "Attempts to tell a sink that failed and are repeated.");
    }

    public string Name => "metrics";

    public ValueTask<GridError?> SendAsync(Signal signal, CancellationToken cancellationToken)
    {
        _signals.Add(1, new TagList { { "type", SignalInfos.NameOf(signal.Type) }, { "status", SignalInfos.NameOf(signal.Status) }, { "severity", SignalInfos.NameOf(signal.Severity) } });
        return default;
    }

    /// <summary>A sink did not take an event.</summary>
    public void Refused(string sink) => _refused.Add(1, new KeyValuePair<string, object?>("sink", sink));
}
