using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.TestKit;
using Grid.TestKit.Network;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>Silos as processes of their own on one database; each has its own door and its own folder.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private const int MaxStarts = 3;

    /// <summary>One entity counts its events for ever: what was acknowledged can be read back by anybody.</summary>
    public const string View = """
        view: ledger
        entity: account
        clock: event
        events:
          entry: { account: text, amount: number }
        features:
          - { name: n, event: entry, aggregate: count }
          - { name: total, event: entry, aggregate: sum, field: amount }
        """;

    private readonly TempFolder _folder = new();
    private readonly string _database;
    private readonly Dictionary<string, string> _settings;
    private readonly List<SiloProcess> _silos = [];
    private readonly bool _flights;
    private readonly IReadOnlyList<NetworkHost>? _hosts;
    private readonly NetworkHost? _callers;

    private SiloCluster(string database, IReadOnlyDictionary<string, string>? settings, bool flights, IReadOnlyList<NetworkHost>? hosts, NetworkHost? callers)
    {
        _hosts = hosts;
        _callers = callers;
        _database = database;
        _settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["GRID_POSTGRESQL"] = database };
        _flights = flights;
    }

    private static string Assembly => typeof(Silo.Hosting.GridSilo).Assembly.Location;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public string Database => _database;

    /// <summary>What the silos keep on disk is below it.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts the silos at the same time, so that they race for the migrations and for the first rows.</summary>
    public static async Task<SiloCluster> StartAsync(int silos, IReadOnlyDictionary<string, string>? settings = null, bool flights = false, string? database = null, bool withLedger = true) =>
        await StartAsync(new SiloCluster(database ?? await SharedServer.NewDatabaseAsync(), settings, flights, hosts: null, callers: null), silos, withLedger);

    /// <summary>Starts a silo on each of some hosts of a network; its clients call from another.</summary>
    public static Task<SiloCluster> StartOnAsync(IReadOnlyList<NetworkHost> hosts, NetworkHost callers, string database, IReadOnlyDictionary<string, string> settings) =>
        StartAsync(new SiloCluster(database, settings, flights: true, hosts, callers), hosts.Count, withLedger: true);

    private static async Task<SiloCluster> StartAsync(SiloCluster cluster, int silos, bool withLedger)
    {
        try
        {
            cluster._silos.AddRange(await Task.WhenAll(Enumerable.Range(0, silos).Select(cluster.StartOneAsync)));
            if (withLedger)
            {
                using var grid = cluster.Client();
                await grid.Views.ApplyAsync(View);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more silo joins.</summary>
    public async Task<SiloProcess> AddAsync()
    {
        var silo = await StartOneAsync(_silos.Count);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Starts a silo anew in the place of one that has ended: same door, same folder, same name.</summary>
    public async Task RestartAsync(int index)
    {
        var address = _silos[index].Address;
        await _silos[index].DisposeAsync();
        _silos[index] = await StartOneAsync(index, address);
    }

    /// <summary>The SDK on the doors of some silos, in that order; on all of them if none is named.</summary>
    public HttpGridClient Client(params int[] doors) => Client(static _ => { }, doors);

    public HttpGridClient Client(Action<GridClientOptions> configure, params int[] doors)
    {
        var options = new GridClientOptions
        {
            Addresses = [.. (doors.Length == 0 ? Enumerable.Range(0, _silos.Count) : doors).Select(i => _silos[i].Address)],
            RequestTimeout = Patience,
            AttemptTimeout = TimeSpan.FromSeconds(20),
            MaxAttempts = 20,
            RetryMaxDelay = TimeSpan.FromSeconds(1),
        };
        configure(options);
        return _callers is null ? new HttpGridClient(options) : new HttpGridClient(options, _callers.HttpHandler(), TimeProvider.System);
    }

    /// <summary>Appends one entry to an account; the key makes it one event however often it is sent.</summary>
    public static async Task<EventVerdict> AppendAsync(IGridClient grid, string tenant, string account, string key, double amount = 1)
    {
        var entry = new GridEvent("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), key, new Dictionary<string, object?> { ["account"] = account, ["amount"] = amount });
        while (true)
        {
            try
            {
                var answer = Assert.Single(await grid.AppendAsync(tenant, [entry]));
                return answer.Verdict;
            }
            catch (GridException e) when (e.Code is GridErrorCode.OutcomeUnknown or GridErrorCode.Unavailable or GridErrorCode.DeadlineExceeded)
            {
                // Sent again with the same key.
            }
        }
    }

    /// <summary>How many events an account has.</summary>
    public static async Task<double> CountAsync(IGridClient grid, string tenant, string account)
    {
        var reading = await grid.ReadFeaturesAsync(tenant, "ledger", account, ["n"]);
        return reading.Values[0];
    }

    /// <summary>The silo that owns each tenant's first shard.</summary>
    public static async Task<IReadOnlyDictionary<string, ShardStatus>> OwnersAsync(IGridClient grid, IEnumerable<string> tenants)
    {
        var owners = new Dictionary<string, ShardStatus>(StringComparer.Ordinal);
        foreach (var tenant in tenants)
        {
            owners[tenant] = await grid.Tenants.GetShardAsync(tenant, 0);
        }

        return owners;
    }

    /// <summary>Asks until it is so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        T? last = default;
        try
        {
            do
            {
                last = await ask();
                if (isSo(last))
                {
                    return last;
                }
            }
            while (await timer.WaitForNextTickAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
        }

        Assert.Fail($"It never came to be that {what}; last: {last}");
        return last!;
    }

    /// <summary>What the silos have printed, for a failure's message.</summary>
    public string Output => string.Join("\n", _silos.Select(static (silo, i) => $"--- silo {i}\n{silo.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<SiloProcess> StartOneAsync(int index) => StartOneAsync(index, _hosts is null ? "http://127.0.0.1:0" : $"http://{_hosts[index].Address}:8000");

    private async Task<SiloProcess> StartOneAsync(int index, string address)
    {
        for (var start = 1; ; start++)
        {
            try
            {
                return await SiloProcess.StartAsync(Assembly, _folder.Sub($"silo{index}"), address, SettingsOf(index), _flights, _hosts?[index]);
            }
            catch (InvalidOperationException e) when (start < MaxStarts && e.Message.Contains("I have been told I am dead", StringComparison.Ordinal))
            {
                // On a machine that is busy starting three of them the others may take it for dead while it joins: whoever watches over silos starts it again.
            }
        }
    }

    private Dictionary<string, string> SettingsOf(int index)
    {
        var settings = new Dictionary<string, string>(_settings) { ["GRID_CLUSTER__NAME"] = $"silo{index}" };
        if (_hosts is not null)
        {
            settings["GRID_CLUSTER__ADDRESS"] = _hosts[index].Address;
        }

        return settings;
    }
}
