using System.Collections.Concurrent;
using System.Globalization;
using Grid.Abstractions;
using Grid.Samples.Flights;

namespace Grid.TestKit;

/// <summary>Compares answers with golden rows as they come: features float for float, probabilities to 1e-6. Thread-safe.</summary>
public sealed class OracleCheck(IReadOnlyDictionary<int, GoldenRow> golden) : IFlightObserver
{
    /// <summary>The two models that golden rows have probabilities of.</summary>
    public static readonly IReadOnlyList<string?> BothVersions = ["1", "2"];

    private const double Tolerance = 1e-6;

    private readonly ConcurrentQueue<string> _mismatches = new();
    private readonly ConcurrentDictionary<(int Id, string Version), byte> _checked = new();
    private long _events;
    private long _predictions;

    public IReadOnlyCollection<string> Mismatches => _mismatches;

    /// <summary>Golden rows compared, counted once for each version.</summary>
    public int Checked => _checked.Count;

    public long Events => Volatile.Read(ref _events);

    public long Predictions => Volatile.Read(ref _predictions);

    public bool IsGolden(Flight flight) => golden.ContainsKey(flight.Id);

    public void OnEvents(int count, bool resumed) => Interlocked.Add(ref _events, count);

    public void OnOutcome(Flight flight, float probability)
    {
    }

    public void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed)
    {
        Interlocked.Increment(ref _predictions);
        if (!golden.TryGetValue(flight.Id, out var row))
        {
            return;
        }

        _checked[(flight.Id, prediction.Version)] = 0;
        if (prediction.Features is not { } features || features.Length != row.Features.Length)
        {
            _mismatches.Enqueue($"flight {flight.Id}: no vector of {row.Features.Length} came back");
            return;
        }

        for (var i = 0; i < features.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(features[i]) != BitConverter.SingleToInt32Bits(row.Features[i]))
            {
                _mismatches.Enqueue(string.Create(CultureInfo.InvariantCulture, $"flight {flight.Id} feature {i}: {features[i]:R}, not {row.Features[i]:R}"));
            }
        }

        var expected = prediction.Version == "1" ? row.ProbabilityV1 : row.ProbabilityV2;
        var p = prediction["p_late"];
        if (expected != 0 && Math.Abs(p - expected) > Tolerance)
        {
            _mismatches.Enqueue(string.Create(CultureInfo.InvariantCulture, $"flight {flight.Id} version {prediction.Version}: p {p:R}, not {expected:R}"));
        }
    }
}
