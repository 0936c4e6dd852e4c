using System.Diagnostics.Metrics;
using Grid.Abstractions;

namespace Grid.Grains.Balancing.Control;

/// <summary>The metrics of the balancer, meter <c>Grid.Balancer</c>; only the silo that holds it has any. Thread-safe; one per host.</summary>
internal sealed class BalancerInstruments
{
    public const string MeterName = "Grid.Balancer";

    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _moves;
    private readonly Histogram<double> _looks;
    private readonly Counter<long> _held;
    private volatile BalanceReport? _last;

    public BalancerInstruments(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _decisions = meter.CreateCounter<long>("grid.balancer.decisions", "{decision}", "Decisions of the balancer, by kind and by what became of them.");
        _held = meter.CreateCounter<long>("grid.balancer.held", "{decision}", "What the balancer wanted and could not have.");
        _moves = meter.CreateHistogram<double>("grid.balancer.move.duration", "s", "From the beginning of a move to the first answer of the target; the shard is served meanwhile but for the last moment.", advice: Seconds(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30));
        _looks = meter.CreateHistogram<double>("grid.balancer.look.duration", "s", "Collecting the loads and deciding, without carrying out.", advice: Seconds(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3));
        meter.CreateObservableGauge("grid.balancer.imbalance", () => Of(static r => r.Imbalance), "1", "Utilisation of the busiest silo over the mean.");
        meter.CreateObservableGauge("grid.balancer.locality", () => Of(static r => r.Locality), "1", "Share of predictions by entity with features and model in one process.");
    }

    public void Looked(BalanceReport report, TimeSpan took)
    {
        _last = report;
        _looks.Record(took.TotalSeconds);
        _held.Add(report.Held.Length);
    }

    public void Ended(DecisionKind kind, DecisionOutcome outcome, TimeSpan took)
    {
        _decisions.Add(1, new KeyValuePair<string, object?>("kind", DecisionLog.NameOf(kind)), new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
        if (outcome == DecisionOutcome.Done && kind is not (DecisionKind.AddReplica or DecisionKind.RemoveReplica))
        {
            _moves.Record(took.TotalSeconds);
        }
    }

    /// <summary>The balancer has left this silo: what it said last is no news.</summary>
    public void Left() => _last = null;

    private static InstrumentAdvice<double> Seconds(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };

    private IEnumerable<Measurement<double>> Of(Func<BalanceReport, double> value) => _last is { } report ? [new Measurement<double>(value(report))] : [];
}
