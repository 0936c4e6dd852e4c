using System.Diagnostics;
using Grid.Abstractions;
using Grid.Samples.Flights;

namespace Grid.Silo.Demo;

/// <summary>Counts what the demo does, for the running table. Thread-safe.</summary>
internal sealed class DemoBoard : IFlightObserver
{
    private readonly LatencyHistogram _latency = new();
    private readonly RunningScores _scores = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _events;
    private long _resumed;
    private long _predictions;
    private long _local;

    public long Events => Volatile.Read(ref _events);

    /// <summary>Events that a run before had made durable.</summary>
    public long Resumed => Volatile.Read(ref _resumed);

    public long Predictions => Volatile.Read(ref _predictions);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public void OnEvents(int count, bool resumed) => Interlocked.Add(ref resumed ? ref _resumed : ref _events, count);

    public void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed)
    {
        Interlocked.Increment(ref _predictions);
        if (prediction.Local)
        {
            Interlocked.Increment(ref _local);
        }

        _latency.Add(elapsed);
    }

    public void OnOutcome(Flight flight, float probability)
    {
        lock (_scores)
        {
            _scores.Add(probability, flight.IsLate);
        }
    }

    public DemoFigures Read()
    {
        var seconds = Math.Max(0.001, Elapsed.TotalSeconds);
        lock (_scores)
        {
            return new DemoFigures(
                Events / seconds,
                Predictions / seconds,
                _latency.Quantile(0.5),
                _latency.Quantile(0.99),
                Predictions == 0 ? double.NaN : (double)Volatile.Read(ref _local) / Predictions,
                _scores.Count,
                _scores.Auc,
                _scores.LogLoss);
        }
    }
}
