using System.Diagnostics.Metrics;
using Grid.Abstractions;

namespace Grid.Grains.Outcomes;

/// <summary>The metrics of outcomes, meter <c>Grid.Outcomes</c>. Thread-safe; one per host.</summary>
internal sealed class OutcomeInstruments
{
    public const string MeterName = "Grid.Outcomes";

    private readonly Counter<long> _reported;

    public OutcomeInstruments(IMeterFactory factory) =>
        _reported = factory.Create(MeterName).CreateCounter<long>("grid.outcomes", "{outcome}", "Outcomes reported to this silo, by what became of them.");

    public void Reported(OutcomeVerdict verdict) =>
        _reported.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToString().ToLowerInvariant()));
}
