using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Inference.Hosting;

namespace Grid.Inference.Diagnostics;

/// <summary>The metrics of the model host, meter <c>Grid.Inference</c>. Tags are few; model and version only where the host's options ask for them. One per host.</summary>
public sealed class InferenceInstruments
{
    public const string MeterName = "Grid.Inference";

    /// <summary>Ten microseconds to ten seconds: from an inline run to the largest model.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _runDuration;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<int> _batchRows;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _evicted;

    /// <param name="factory">Null: a meter of its own.</param>
    public InferenceInstruments(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _runDuration = _meter.CreateHistogram("grid.inference.run.duration", "s", "Time of one run of a model, copies of rows included.", tags: null, Seconds);
        _queueTime = _meter.CreateHistogram("grid.inference.queue.duration", "s", "Time that a request waited for a worker.", tags: null, Seconds);
        _batchRows = _meter.CreateHistogram(
            "grid.inference.batch.rows",
            "{row}",
            "Rows of one run.",
            tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096] });
        _runs = _meter.CreateCounter<long>("grid.inference.runs", "{run}", "Runs, by where they ran and whether the model failed.");
        _refused = _meter.CreateCounter<long>("grid.inference.refused", "{request}", "Requests that were not run, by reason.");
        _evicted = _meter.CreateCounter<long>("grid.inference.evicted", "{version}", "Versions that made room for others.");
    }

    internal void Observe(ModelHost host)
    {
        _meter.CreateObservableGauge("grid.inference.queue.length", () => host.Waiting, "{request}", "Requests that wait for a worker.");
        _meter.CreateObservableGauge("grid.inference.workers", () => host.Workers, "{thread}", "Threads that run models.");
        _meter.CreateObservableGauge("grid.inference.workers.busy", () => host.BusyWorkers, "{thread}", "Threads that are in a run.");
        _meter.CreateObservableGauge("grid.inference.run.oldest", () => host.OldestRun.TotalSeconds, "s", "How long the oldest run of a worker has been under way.");
        _meter.CreateObservableGauge("grid.inference.memory.budget", () => host.Options.MemoryBudgetBytes, "By", "Memory that loaded versions may take together.");
        _meter.CreateObservableGauge("grid.inference.loaded.bytes", () => host.LoadedBytes, "By", "What the loaded versions are charged against the memory budget.");
    }

    internal void Ran(LoadedModel model, int rows, TimeSpan duration, bool isInline, bool hasFailed)
    {
        if (!_runs.Enabled && !_runDuration.Enabled && !_batchRows.Enabled)
        {
            return;
        }

        var tags = Tags(model);
        _runDuration.Record(duration.TotalSeconds, tags);
        _batchRows.Record(rows, tags);
        tags.Add("mode", isInline ? "inline" : "queued");
        tags.Add("outcome", hasFailed ? "failed" : "ok");
        _runs.Add(1, tags);
    }

    internal void Queued(LoadedModel model, TimeSpan time)
    {
        if (_queueTime.Enabled)
        {
            _queueTime.Record(time.TotalSeconds, Tags(model));
        }
    }

    internal void Refused(LoadedModel model, string reason)
    {
        if (_refused.Enabled)
        {
            var tags = Tags(model);
            tags.Add("reason", reason);
            _refused.Add(1, tags);
        }
    }

    internal void Evicted(LoadedModel model)
    {
        if (_evicted.Enabled)
        {
            _evicted.Add(1, Tags(model));
        }
    }

    private static TagList Tags(LoadedModel model)
    {
        var tags = default(TagList);
        if (model.HasOwnMetrics)
        {
            tags.Add("model", model.Key.ModelKey.ToString());
            tags.Add("version", model.Key.Version);
        }

        return tags;
    }
}
