using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>The metrics of rollouts, meter <c>Grid.Rollouts</c>: of models on trial alone, tagged by model and version, so that the series are few. Thread-safe; one per host.</summary>
internal sealed class RolloutInstruments
{
    public const string MeterName = "Grid.Rollouts";

    private readonly RolloutCounters _counters;
    private readonly Counter<long> _steps;

    public RolloutInstruments(IMeterFactory factory, RolloutCounters counters)
    {
        _counters = counters;
        var meter = factory.Create(MeterName);
        _steps = meter.CreateCounter<long>("grid.rollout.steps", "{step}", "Changes of traffic made by this silo, by action and by whether the guards asked for them.");
        Fallbacks = meter.CreateCounter<long>("grid.rollout.fallbacks", "{request}", "Requests that the live version answered because the canary could not.");
        meter.CreateObservableCounter("grid.rollout.requests", () => Versions(static t => t.Requests), "{request}", "Requests since the last change of traffic, by version.");
        meter.CreateObservableCounter("grid.rollout.errors", () => Versions(static t => t.Errors), "{request}", "Requests that a version did not answer since the last change of traffic.");
        meter.CreateObservableGauge("grid.rollout.latency.p99", () => Versions(static t => LatencyBuckets.Quantile(t.Latency, 0.99) / 1e6), "s", "The time within which 99 of 100 requests were answered, by version.");
        meter.CreateObservableCounter("grid.rollout.compared", () => Comparisons(static t => t.Compared), "{prediction}", "Predictions that champion and challenger both computed.");
        meter.CreateObservableCounter("grid.rollout.disagreed", () => Comparisons(static t => t.Disagreed), "{prediction}", "Those of them that the two decide otherwise.");
        meter.CreateObservableCounter("grid.rollout.compare.errors", () => Comparisons(static t => t.Errors), "{prediction}", "Comparisons that failed.");
        meter.CreateObservableCounter("grid.rollout.compare.dropped", () => Comparisons(static t => t.Dropped), "{prediction}", "Comparisons left out because the queue was full or the version was not loaded.");
    }

    public Counter<long> Fallbacks { get; }

    public void Stepped(RolloutStep step) =>
        _steps.Add(1, new TagList { { "action", NameOf(step.Action) }, { "automatic", step.IsAutomatic } });

    private static string NameOf(RolloutAction action) => action.ToString().ToLowerInvariant();

    private IEnumerable<Measurement<T>> Versions<T>(Func<VersionTally, T> value)
        where T : struct =>
        from model in _counters.All
        from tally in model.Value.ReadVersions()
        select new Measurement<T>(value(tally), new TagList { { "model", model.Key.ToString() }, { "version", tally.Version } });

    private IEnumerable<Measurement<long>> Comparisons(Func<ComparisonTally, long> value) =>
        from model in _counters.All
        from tally in model.Value.ReadComparisons()
        select new Measurement<long>(value(tally), new TagList { { "model", model.Key.ToString() }, { "champion", tally.Champion }, { "challenger", tally.Challenger } });
}
