using System.Diagnostics.Metrics;
using Grid.Abstractions;

namespace Grid.Grains.Outcomes;

/// <summary>The metrics of outcomes, meter <c>Grid.Outcomes</c>. Thread-safe; one per host.</summary>
internal sealed class OutcomeInstruments
{
    public const string MeterName = "Grid.Outcomes";

    private readonly Counter<long> _reported;
    private readonly Counter<long> _notMeasured;

    public OutcomeInstruments(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _reported = meter.CreateCounter<long>("grid.outcomes", "{outcome}", "Outcomes reported to this silo, by what became of them.");
        _notMeasured = meter.CreateCounter<long>("grid.outcomes.not_measured", "{outcome}", "Outcomes that are stored and that a monitor could not be told of.");
    }

    public void Reported(OutcomeVerdict verdict) =>
        _reported.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToString().ToLowerInvariant()));

    public void NotMeasured(int count) => _notMeasured.Add(count);
}
