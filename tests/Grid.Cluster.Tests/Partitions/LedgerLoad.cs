using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Client;
using Grid.Cluster.Tests.Clustering;
using Grid.Primitives;

namespace Grid.Cluster.Tests.Partitions;

/// <summary>Applications at work: for each tenant one that appends, each entry until it is acknowledged, and one that predicts.</summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    public const string Model = "flights-late";

    public static readonly RequestValues Values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 700, 120]);

    /// <summary>On a busy machine a prediction may wait longer than its model gives it by itself; whether the network loses it is what is asked here.</summary>
    public static readonly PredictOptions Options = new() { Deadline = SiloCluster.Patience };

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ConcurrentDictionary<string, int> _predictions = new();
    private readonly ConcurrentQueue<GridError> _errors = new();
    private readonly Ledger _ledger;
    private readonly IGridClient _grid;
    private readonly IReadOnlyList<string> _tenants;
    private readonly Task _work;

    public LedgerLoad(Ledger ledger, IGridClient grid, IReadOnlyList<string> tenants)
    {
        (_ledger, _grid, _tenants) = (ledger, grid, tenants);
        _work = Task.WhenAll(tenants.SelectMany(tenant => (Task[])[Task.Run(() => AppendAsync(tenant)), Task.Run(() => PredictAsync(tenant))]));
    }

    /// <summary>What predictions failed with that had been repeated as often as the SDK does.</summary>
    public IReadOnlyCollection<GridError> Errors => _errors;

    /// <summary>Returns when every tenant has appended and predicted a few times more.</summary>
    public async Task GoesOnAsync()
    {
        var before = _tenants.ToDictionary(static tenant => tenant, tenant => (_ledger.CountOf(tenant), _predictions.GetValueOrDefault(tenant)));
        await SiloCluster.UntilAsync(
            () => Task.FromResult(string.Join(' ', _tenants.Where(tenant => _ledger.CountOf(tenant) < before[tenant].Item1 + 3 || _predictions.GetValueOrDefault(tenant) < before[tenant].Item2 + 3))),
            waiting => waiting.Length == 0 || _work.IsFaulted,
            "every tenant goes on");
        if (_work.IsFaulted)
        {
            await _work;
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _abort.Dispose();
    }

    private async Task AppendAsync(string tenant)
    {
        for (var n = 1; !_stop.IsCancellationRequested; n++)
        {
            await _ledger.AppendAsync(_grid, tenant, $"a{n % 3}", n, _abort.Token);
            await PauseAsync();
        }
    }

    private async Task PredictAsync(string tenant)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Assert.Equal(Model, (await _grid.PredictAsync(Model, tenant, "ORD", Values, options: Options, cancellationToken: _abort.Token)).Model);
                _predictions.AddOrUpdate(tenant, 1, static (_, count) => count + 1);
            }
            catch (GridException e)
            {
                _errors.Enqueue(e.Error);
            }

            await PauseAsync();
        }
    }

    /// <summary>A caller that has something else to do in between; three silos share a small machine.</summary>
    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(s_pause, _stop.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
