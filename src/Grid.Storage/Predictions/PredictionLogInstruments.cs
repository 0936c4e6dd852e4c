using System.Diagnostics.Metrics;

namespace Grid.Storage.Predictions;

/// <summary>The measurements of one log, on the meter of the stores. Thread-safe.</summary>
internal sealed class PredictionLogInstruments : IDisposable
{
    private readonly Meter _meter;

    public PredictionLogInstruments(PredictionLog log)
    {
        _meter = new Meter(StoreInstruments.MeterName, version: null, tags: null, log);
        Written = _meter.CreateCounter<long>("grid.storage.predictions.written", "{prediction}", "Predictions in finished files of the log.");
        Dropped = _meter.CreateCounter<long>("grid.storage.predictions.dropped", "{prediction}", "Predictions that were answered and not logged.");
        Files = _meter.CreateCounter<long>("grid.storage.predictions.files", "{file}", "Files of the log that were finished.");
        Bytes = _meter.CreateCounter<long>("grid.storage.predictions.bytes", "By", "Bytes of the files that were finished.");
        Gaps = _meter.CreateCounter<long>("grid.storage.predictions.gaps", "{gap}", "Gaps of the log that began, or were found at the start, by reason.");
        Failures = _meter.CreateCounter<long>("grid.storage.predictions.failures", "{file}", "Files of the log that could not be written; they are tried again.");
        _meter.CreateObservableUpDownCounter("grid.storage.predictions.buffered", () => log.Status.BufferedBytes, "By", "Bytes of predictions that wait for their file.");
    }

    public Counter<long> Written { get; }

    public Counter<long> Dropped { get; }

    public Counter<long> Files { get; }

    public Counter<long> Bytes { get; }

    public Counter<long> Gaps { get; }

    public Counter<long> Failures { get; }

    public void Dispose() => _meter.Dispose();
}
