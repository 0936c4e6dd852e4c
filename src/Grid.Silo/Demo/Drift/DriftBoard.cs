using Grid.Abstractions;
using Grid.Samples.Flights;

namespace Grid.Silo.Demo.Drift;

/// <summary>What each version said of each flight. Thread-safe.</summary>
internal sealed class DriftBoard : IFlightObserver
{
    private readonly Lock _lock = new();
    private readonly List<(Flight Flight, string Version, float Probability)> _answers = [];
    private long _events;

    public long Events => Volatile.Read(ref _events);

    public long Predictions
    {
        get
        {
            lock (_lock)
            {
                return _answers.Count;
            }
        }
    }

    public void OnEvents(int count, bool resumed) => Interlocked.Add(ref _events, count);

    public void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed)
    {
        lock (_lock)
        {
            _answers.Add((flight, prediction.Version, prediction["p_late"]));
        }
    }

    public void OnOutcome(Flight flight, float probability)
    {
    }

    /// <summary>What a version said of the flights that departed in a period and had landed by a time.</summary>
    public IReadOnlyList<(float Probability, bool Late)> Of(string version, long fromMs, long toMs, long landedByMs)
    {
        lock (_lock)
        {
            return
            [
                .. _answers.Where(a => a.Version == version && a.Flight.DepartureMs >= fromMs && a.Flight.DepartureMs < toMs && a.Flight.ArrivalMs <= landedByMs)
                    .Select(static a => (a.Probability, a.Flight.IsLate)),
            ];
        }
    }
}
