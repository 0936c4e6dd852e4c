using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grid.Bench.Clusters;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Bench.Healing;

/// <summary>
/// Applications beside each other, each with the SDK in its defaults and another door to begin with, that predict and write for all tenants at a steady rate.
/// </summary>
internal sealed class HealingLoad : IDisposable
{
    /// <summary>What a call may take in all before its outcome counts as unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Of an application that tries again after the SDK gave up.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly BenchCluster _cluster;
    private readonly HttpGridClient[] _clients;
    private readonly string[] _owners;
    private readonly CancellationTokenSource _giveUp = new();

    public HealingLoad(BenchCluster cluster)
    {
        _cluster = cluster;
        _clients = [.. Enumerable.Range(0, cluster.Silos.Count).Select(cluster.Client)];
        _owners = new string[cluster.Tenants.Count];
        Writes = new WriteLedger(cluster.Tenants);
    }

    public ConcurrentQueue<CallSample> Predictions { get; } = new();

    public ConcurrentQueue<CallSample> WriteCalls { get; } = new();

    public WriteLedger Writes { get; }

    /// <summary>Every application asks for every tenant once, and so knows who owns it.</summary>
    public async Task LearnOwnersAsync() =>
        await Parallel.ForEachAsync(
            _clients.SelectMany(client => Enumerable.Range(0, _owners.Length).Select(tenant => (client, tenant))),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (item, _) => await PredictAsync(item.client, item.tenant));

    /// <summary>Tenants whose shard a silo held when it was last asked for.</summary>
    public int[] TenantsOf(string door) => [.. Enumerable.Range(0, _owners.Length).Where(i => _owners[i] == door)];

    /// <summary>Load until it is stopped.</summary>
    /// <returns>Completes when everything that was sent has ended; writes that were not acknowledged are sent again until then.</returns>
    [SuppressMessage("Security", "CA5394", Justification = "Which tenant is asked is no secret.")]
    public async Task RunAsync(HealingSettings settings, CancellationToken stop)
    {
        // Each is used by one sending thread alone.
        var (asked, written) = (new Random(1), new Random(2));
        using var registration = stop.Register(() => _giveUp.CancelAfter(Patience));
        await Task.WhenAll(
            PacedLoad.RunAsync(settings.PredictionsPerSecond, (n, due) => SampleAsync(_clients[n % _clients.Length], asked.Next(_owners.Length), due), stop),
            PacedLoad.RunAsync(settings.WritesPerSecond, (n, due) => WriteAsync(_clients[n % _clients.Length], written.Next(_owners.Length), n, due), stop));
    }

    /// <summary>Asks for a tenant until it is answered.</summary>
    /// <param name="tenant">Number of the tenant.</param>
    /// <param name="since">A time stamp.</param>
    /// <returns>Seconds from the time stamp to the first answer, and calls that failed before it.</returns>
    public async Task<(double Seconds, int Failed)> ComesBackAsync(int tenant, long since)
    {
        for (var failed = 0; ; failed++)
        {
            try
            {
                await PredictAsync(_clients[tenant % _clients.Length], tenant);
                return (Stopwatch.GetElapsedTime(since).TotalSeconds, failed);
            }
            catch (GridException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause);
            }
        }
    }

    public Task<(int Lost, int Doubled)> CheckAsync() => Writes.CheckAsync(_clients[0]);

    public void Dispose()
    {
        _giveUp.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task PredictAsync(HttpGridClient client, int tenant)
    {
        var answer = await client.PredictAsync(ClusterContent.Model, _cluster.Tenants[tenant], ClusterContent.Account);
        _owners[tenant] = answer.Owner;
    }

    private async Task SampleAsync(HttpGridClient client, int tenant, long due)
    {
        string? error = null;
        try
        {
            await PredictAsync(client, tenant);
        }
        catch (GridException e)
        {
            error = e.Message;
        }

        Predictions.Enqueue(new CallSample(tenant, due, Stopwatch.GetElapsedTime(due).TotalMilliseconds, error));
    }

    private async Task WriteAsync(HttpGridClient client, int tenant, int n, long due)
    {
        var error = await Writes.WriteAsync(client, tenant, string.Create(CultureInfo.InvariantCulture, $"w{n}"), _giveUp.Token);
        WriteCalls.Enqueue(new CallSample(tenant, due, Stopwatch.GetElapsedTime(due).TotalMilliseconds, error));
    }
}
