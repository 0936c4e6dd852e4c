using System.Globalization;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.Client;
using Grid.Client.Http;
using Grid.TestKit.PostgreSql;

namespace Grid.Bench.Clusters;

/// <summary>Silos in processes of their own on one PostgreSQL database, with the view and the model of <see cref="ClusterContent"/>, and tenants of one shard each.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    /// <summary>Tenants that are made at the same time.</summary>
    private const int MakersAtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<SiloProcess> _silos;

    private BenchCluster(List<SiloProcess> silos) => _silos = silos;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public IReadOnlyList<string> Tenants { get; private set; } = [];

    /// <summary>Processor time of all silos so far, in seconds.</summary>
    public double CpuSeconds => _silos.Sum(static silo => ProcessCpu.SecondsOf(silo.Id));

    /// <param name="postgres">The server; the cluster gets a database of its own.</param>
    /// <param name="name">Name of the database.</param>
    /// <param name="silos">Number of silos.</param>
    /// <param name="tenants">Number of tenants; each has one event, and its shard is live.</param>
    /// <param name="maxBatch">Most rows of a run of the model.</param>
    /// <param name="deviceMs">Time of a run on the device of each silo; null for the processor.</param>
    /// <param name="settings">Settings of the silos beside the defaults.</param>
    public static async Task<BenchCluster> StartAsync(
        PostgreSqlServer postgres,
        string name,
        int silos,
        int tenants,
        int maxBatch = 64,
        double? deviceMs = null,
        IReadOnlyDictionary<string, string>? settings = null)
    {
        var database = await postgres.CreateDatabaseAsync(name);
        var cluster = new BenchCluster([]);
        try
        {
            for (var i = 0; i < silos; i++)
            {
                var named = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["GRID_CLUSTER__NAME"] = string.Create(CultureInfo.InvariantCulture, $"silo{i}") };
                cluster._silos.Add(await SiloProcess.StartAsync(new Dictionary<string, string>(), database, settings: named, deviceMs: deviceMs));
            }

            await cluster.WaitForMembersAsync();
            await ClusterContent.RegisterAsync(cluster._silos[0].Client, maxBatch);
            await cluster.FillAsync(tenants);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The SDK as an application has it, with its defaults, on the doors of all silos.</summary>
    /// <param name="first">The door that it begins with.</param>
    public HttpGridClient Client(int first = 0) =>
        new(new GridClientOptions { Addresses = [.. Enumerable.Range(0, _silos.Count).Select(i => _silos[(first + i) % _silos.Count].Address)] });

    /// <summary>The SDK on one door, which it stays at.</summary>
    public HttpGridClient ClientOf(int silo) => new(new GridClientOptions { Addresses = [_silos[silo].Address], FollowOwners = false });

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>Every silo knows every other, so that shards are spread from the beginning.</summary>
    private async Task WaitForMembersAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        foreach (var silo in _silos)
        {
            while ((await silo.Client.Cluster.ListAsync(patience.Token)).Count(static s => s.HeardMsAgo >= 0) < _silos.Count)
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    private async Task FillAsync(int tenants)
    {
        Tenants = [.. Enumerable.Range(0, tenants).Select(static i => string.Create(CultureInfo.InvariantCulture, $"t{i:0000}"))];
        await Parallel.ForEachAsync(
            Tenants.Select(static (tenant, i) => (tenant, i)),
            new ParallelOptions { MaxDegreeOfParallelism = MakersAtOnce },
            async (item, token) =>
            {
                var grid = _silos[item.i % _silos.Count].Client;
                await grid.AppendAsync(item.tenant, [ClusterContent.Entry("first")], cancellationToken: token);
                await grid.PredictAsync(ClusterContent.Model, item.tenant, ClusterContent.Account, cancellationToken: token);
            });
    }
}
