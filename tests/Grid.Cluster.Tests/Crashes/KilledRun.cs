using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Client.Sources;
using Grid.Samples.Flights;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Crashes;

/// <summary>Streams the mini flights over HTTP into a silo process that is killed and started again whenever a seeded number of events has gone in.</summary>
internal sealed class KilledRun : IFlightObserver, IAsyncDisposable
{
    private const int AskedOneIn = 4;

    private const string IgnoreMarks = "GRID_FAULTIGNOREMARKS";

    private static readonly string?[] Live = [null];

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly FlightData _data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
    private readonly IGrouping<string, Flight>[] _tenants;
    private readonly Queue<long> _killAt;
    private readonly SemaphoreSlim _reached = new(0);
    private long _events;
    private long _nextKill;
    private long _predictions;
    private SiloProcess? _silo;

    public KilledRun(int seed, int kills, bool ignoreMarks)
    {
        _tenants = [.. _data.ReadFlights(Repository.MiniFlights).GroupBy(flight => flight.Origin)];
        var total = _tenants.Sum(tenant => tenant.Count()) * 2;
        var random = new Random(seed);
        _killAt = new Queue<long>(Enumerable.Range(0, kills).Select(_ => random.NextInt64(total / 50, total * 9 / 10)).Order());
        _nextKill = _killAt.TryDequeue(out var first) ? first : long.MaxValue;
        _environment = ignoreMarks ? new Dictionary<string, string> { [IgnoreMarks] = "true" } : [];
    }

    private static string Assembly => typeof(Silo.Hosting.GridSilo).Assembly.Location;

    public async Task<KilledRunOutcome> RunAsync()
    {
        var kills = 0;
        _silo = await SiloProcess.StartAsync(Assembly, _folder.Sub("state"), environment: _environment);
        var address = _silo.Address;
        // A prediction is asked again for as long as a start of the silo can take.
        using var grid = new HttpGridClient(new GridClientOptions
        {
            Addresses = [address],
            RequestTimeout = TimeSpan.FromMinutes(5),
            AttemptTimeout = TimeSpan.FromMinutes(1),
            MaxAttempts = 20,
            RetryMaxDelay = TimeSpan.FromSeconds(5),
        });
        var options = new FlightDriverOptions
        {
            // Some predictions go between the events, as in life; what they answer just after a crash depends on what was not yet durable.
            Versions = flight => flight.Id % AskedOneIn == 0 ? Live : [],
            ReportOutcomes = false,
            Writer = new SourceWriterOptions { ResendBehind = 4 },
        };
        var driver = new FlightDriver(grid, _data, options);
        var running = Task.WhenAll(_tenants.Select(tenant => DriveAsync(driver, tenant)));
        while (await IsReachedAsync(running))
        {
            await _silo.KillAsync();
            kills++;
            _silo = await SiloProcess.StartAsync(Assembly, _folder.Sub("state"), address, _environment);
        }

        await running;
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tenant in _tenants)
        {
            digests[tenant.Key] = (await grid.Tenants.GetShardAsync(tenant.Key, 0, withDigest: true)).StateDigest;
        }

        return new KilledRunOutcome(digests, Volatile.Read(ref _predictions), kills);
    }

    public void OnEvents(int count, bool resumed)
    {
        if (Interlocked.Add(ref _events, count) >= Volatile.Read(ref _nextKill) && Interlocked.Exchange(ref _nextKill, long.MaxValue) != long.MaxValue)
        {
            _reached.Release();
        }
    }

    public void OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed) => Interlocked.Increment(ref _predictions);

    public void OnOutcome(Flight flight, float probability)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _folder.Dispose();
        _reached.Dispose();
    }

    private async Task DriveAsync(FlightDriver driver, IGrouping<string, Flight> tenant)
    {
        using var ledger = FlightLedger.InMemory();
        await driver.RunAsync(tenant.Key, [.. tenant], ledger, this, CancellationToken.None);
    }

    /// <summary>True when the next kill is due, false when the stream has ended.</summary>
    private async Task<bool> IsReachedAsync(Task running)
    {
        var reached = _reached.WaitAsync();
        if (await Task.WhenAny(reached, running) == running)
        {
            return false;
        }

        Volatile.Write(ref _nextKill, _killAt.TryDequeue(out var next) ? next : long.MaxValue);
        return true;
    }
}
