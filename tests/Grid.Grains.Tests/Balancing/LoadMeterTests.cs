using Grid.Abstractions;
using Grid.Grains.Balancing;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Tests.Support;
using Grid.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Grains.Tests.Balancing;

/// <summary>What a silo reports of its load.</summary>
public sealed class LoadMeterTests : IAsyncLifetime
{
    private const string Model = "flights-late";

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    private TestGrid _grid = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(views: await File.ReadAllTextAsync(Path.Combine(Repository.Flights, "views", "flights.yaml"), Token));
        await _grid.Client.Tenants.CreateAsync("busy", 1, Token);
        await _grid.Client.Tenants.CreateAsync("calm", 1, Token);
        await _grid.Client.Models.PushAsync(Model, "1", Path.Combine(Repository.Flights, "models", Model, "1"), makeLive: true, Token);
    }

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task Report_NamesTheShards_WhatTheyCost_AndWhatTheyCall()
    {
        for (var i = 0; i < 200; i++)
        {
            await _grid.Client.PredictAsync(Model, "busy", "AA:ORD", s_values, cancellationToken: Token);
        }

        await _grid.Client.PredictAsync(Model, "calm", "AA:ORD", s_values, cancellationToken: Token);
        var report = await UntilAsync(static r => r.Load.Hot.Any(static s => s.Shard.Tenant == "busy" && s.Calls.Count > 0) && r.Load.Hot.Any(static s => s.Shard.Tenant == "calm"));

        var busy = report.Load.Hot.Single(static s => s.Shard.Tenant == "busy");
        var calm = report.Load.Hot.Single(static s => s.Shard.Tenant == "calm");
        Assert.True(busy.Cores > calm.Cores && calm.Cores > 0, $"{busy.Cores} and {calm.Cores} cores");
        var calls = Assert.Single(busy.Calls);
        Assert.Equal(("default/flights-late/1", 0.0), (calls.Version, calls.RemotePerSecond));
        Assert.True(calls.PerSecond > 0);

        // Never more than the process uses, and the version is there with what it costs.
        Assert.True(report.Load.Hot.Sum(static s => s.Cores) <= report.Load.UsedCores * 1.000001, $"{report.Load.Hot.Sum(static s => s.Cores)} of {report.Load.UsedCores} cores");
        var version = Assert.Single(report.Versions);
        Assert.Equal(("default/flights-late/1", true), (version.Version, version.IsReady));
        Assert.True(version is { Bytes: > 0, SecondsPerCall: > 0 and < 0.1 }, version.ToString());
        Assert.Equal(SiloState.Active, report.Load.State);
    }

    [Fact]
    public void ASiloThatHasJustBegun_IsNotIdle()
    {
        // Its time stands still: nothing can be measured yet.
        var meter = ActivatorUtilities.CreateInstance<LoadMeter>(_grid.Service<IServiceProvider>(), new ManualTime());
        Assert.InRange(meter.Read().Load.UsedCores, double.Epsilon, Environment.ProcessorCount);
    }

    private async Task<LoadReport> UntilAsync(Func<LoadReport, bool> isSo)
    {
        // The silo samples once a second by itself.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var report = _grid.Service<LoadMeter>().Read();
        while (!isSo(report))
        {
            Assert.True(await timer.WaitForNextTickAsync(limit.Token));
            report = _grid.Service<LoadMeter>().Read();
        }

        return report;
    }
}
