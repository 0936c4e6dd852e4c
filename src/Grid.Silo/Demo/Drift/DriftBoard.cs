using Grid.Abstractions;
using Grid.Samples.Flights;

namespace Grid.Silo.Demo.Drift;

/// <summary>What each version said of each flight. Thread-safe.</summary>
internal sealed class DriftBoard : IFlightObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Flight, string Version), (Flight Flight, float Probability)> _answers = [];
    private long _predictions;
    private long _events;

    public long Events => Volatile.Read(ref _events);

    public long Predictions => Volatile.Read(ref _predictions);

    public void OnEvents(int count, bool resumed) => Interlocked.Add(ref _events, count);

    public void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed)
    {
        Interlocked.Increment(ref _predictions);
        lock (_lock)
        {
            // Asked for by name or by the rollout: the same version says the same.
            _answers[(flight.Id, prediction.Version)] = (flight, prediction["p_late"]);
        }
    }

    public void OnOutcome(Flight flight, float probability)
    {
    }

    /// <summary>What a version said of the flights that departed in a period.</summary>
    public IReadOnlyList<(float Probability, bool Late)> Of(string version, long fromMs, long toMs)
    {
        lock (_lock)
        {
            return
            [
                .. _answers.Where(a => a.Key.Version == version && a.Value.Flight.DepartureMs >= fromMs && a.Value.Flight.DepartureMs < toMs)
                    .Select(static a => (a.Value.Probability, a.Value.Flight.IsLate)),
            ];
        }
    }
}
