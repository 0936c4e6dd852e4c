using System.Diagnostics;
using System.Globalization;
using Grid.Bench.Clusters;

namespace Grid.Bench.Entering;

/// <summary>What placement and balancing took from the silos' threads, against all processor time of the silos. Reads the metric <c>grid.placement.time</c>.</summary>
internal sealed class PlacementShare : IDisposable
{
    private const string Metric = "grid_placement_time_seconds_total";

    /// <summary>What every silo does each second: a window in which one of them is missing is too short to say anything.</summary>
    private static readonly string[] EachSecond = ["sample", "gossip"];

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly BenchCluster _cluster;
    private readonly HttpClient _http = new();
    private double _cpu;
    private Dictionary<string, double> _taken = [];
    private long _at;

    public PlacementShare(BenchCluster cluster) => _cluster = cluster;

    /// <summary>Measures from now.</summary>
    public async Task BeginAsync()
    {
        _taken = await ReadAsync();
        _cpu = _cluster.CpuSeconds;
        _at = Stopwatch.GetTimestamp();
    }

    /// <summary>Measures up to now, or up to the end of the second that is under way where none has ended yet.</summary>
    /// <returns>Seconds that passed, processor seconds of all silos, and seconds of placement and balancing by kind.</returns>
    public async Task<(double Seconds, double Cpu, IReadOnlyDictionary<string, double> Taken)> EndAsync()
    {
        while (true)
        {
            var (cpu, seconds) = (_cluster.CpuSeconds - _cpu, Stopwatch.GetElapsedTime(_at).TotalSeconds);
            var taken = await ReadAsync();
            var since = taken.ToDictionary(static t => t.Key, t => t.Value - _taken.GetValueOrDefault(t.Key), StringComparer.Ordinal);
            if (EachSecond.All(work => since.GetValueOrDefault(work) > 0))
            {
                return (seconds, cpu, since);
            }

            await Task.Delay(LookEvery);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Dictionary<string, double>> ReadAsync()
    {
        var taken = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var silo in _cluster.Silos)
        {
            var text = await _http.GetStringAsync(new Uri(new Uri(silo.Address), "/metrics"));
            foreach (var line in text.Split('\n').Where(static l => l.StartsWith(Metric + '{', StringComparison.Ordinal)))
            {
                // grid_placement_time_seconds_total{work="sample"} 0.25
                var work = line.Split('"')[1];
                taken[work] = taken.GetValueOrDefault(work) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            }
        }

        return taken.Count > 0 ? taken : throw new InvalidOperationException($"The silos do not emit {Metric}.");
    }
}
