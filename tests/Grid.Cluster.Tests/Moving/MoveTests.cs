using System.Diagnostics;
using Grid.Abstractions;
using Grid.Client;
using Grid.Cluster.Tests.Clustering;
using Grid.Grains.Moving;
using Grid.Primitives;
using Grid.Silo.Hosting;
using Grid.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Grid.Cluster.Tests.Moving;

/// <summary>Shards that go to and fro between two silos of this process while they are read and written.</summary>
public sealed class MoveTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Tenant = "mover";

    private readonly TempFolder _folder = new();
    private readonly List<GridSilo> _silos = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await SharedServer.NewDatabaseAsync();
        for (var i = 0; i < 2; i++)
        {
            _silos.Add(await GridSilo.StartAsync(new GridSiloOptions { PostgreSql = database, StateFolder = _folder.Sub($"silo{i}"), HttpAddress = "http://127.0.0.1:0" }, cancellationToken: Token));
        }

        await _silos[0].Client().Views.ApplyAsync(SiloCluster.View, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(20_000, 6)]
    public async Task MovingShard_FailsNoCallAndLosesNothing(int accounts, int moves)
    {
        var grid = _silos[0].Client();
        foreach (var chunk in Enumerable.Range(0, accounts).Chunk(1_000))
        {
            await grid.AppendAsync(Tenant, [.. chunk.Select(i => Entry($"account-{i}", $"first {i}"))], cancellationToken: Token);
        }

        // 1. Callers at both doors, each with one call at a time and no retry of its own.
        using var stop = new CancellationTokenSource();
        var longest = new long[2];
        var callers = Enumerable.Range(0, 2).Select(door => Task.Run(() => CallAsync(door, longest, stop.Token))).ToArray();

        // 2. To and fro.
        var pauses = new List<double>();
        for (var move = 0; move < moves; move++)
        {
            var before = await grid.Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token);
            Array.Clear(longest);
            var target = _silos.Select(AddressOf).Single(a => a.ToParsableString() != before.Silo);
            Assert.True(await Shard(_silos[move % 2]).MoveToAsync(target, Token));

            var after = await SiloCluster.UntilAsync(async () => await grid.Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token), s => s.Silo != before.Silo, "the shard moves");
            Assert.Equal(target.ToParsableString(), after.Silo);
            Assert.Equal(before.Epoch + 1, after.Epoch);
            pauses.Add(Stopwatch.GetElapsedTime(0, longest.Max()).TotalMilliseconds);
        }

        // 3. Every call was answered, and every event is there once.
        await stop.CancelAsync();
        var sent = await Task.WhenAll(callers);
        for (var door = 0; door < 2; door++)
        {
            var reading = await grid.ReadFeaturesAsync(Tenant, "ledger", $"door-{door}", ["n"], cancellationToken: Token);
            Assert.Equal(sent[door], reading.Values[0]);
        }

        var status = await grid.Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token);
        pauses.Sort();
        output.WriteLine($"{status.StateBytes / 1048576.0:0.0} MiB in {accounts} accounts, {moves} moves: longest call ms {string.Join(' ', pauses.Select(static p => p.ToString("0")))}; {sent.Sum()} appends");
        Assert.Equal(accounts + 2, status.Entities);

        // No log here is long enough for a snapshot, which would have the target read the whole.
        Assert.Equal(moves, _silos.Sum(static s => s.Services.GetRequiredService<ShardPreloads>().Used));
    }

    [Fact]
    public async Task ShardThatLivesThere_StaysWhereItIs()
    {
        await _silos[0].Client().AppendAsync(Tenant, [Entry("a", "a")], cancellationToken: Token);
        var before = await _silos[0].Client().Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token);

        Assert.False(await Shard(_silos[1]).MoveToAsync(SiloAddress.FromParsableString(before.Silo), Token));

        Assert.Equal(before.Epoch, (await _silos[0].Client().Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token)).Epoch);
    }

    [Fact]
    public async Task TargetThatIsNotThere_LeavesTheShardWhereItIs()
    {
        await _silos[0].Client().AppendAsync(Tenant, [Entry("a", "a")], cancellationToken: Token);
        var before = await _silos[0].Client().Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token);
        var nowhere = SiloAddress.New(System.Net.IPAddress.Loopback, 9, 1);

        var error = await Assert.ThrowsAsync<GridException>(async () => await Shard(_silos[0]).MoveToAsync(nowhere, Token));

        Assert.Equal(GridErrorCode.Unavailable, error.Code);
        Assert.Equal(before.Epoch, (await _silos[1].Client().Tenants.GetShardAsync(Tenant, 0, cancellationToken: Token)).Epoch);
    }

    private static GridEvent Entry(string account, string key) =>
        new("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), key, new Dictionary<string, object?> { ["account"] = account, ["amount"] = 1.0 });

    private static SiloAddress AddressOf(GridSilo silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private static IMovableShard Shard(GridSilo silo) => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IMovableShard>($"default/{Tenant}/0");

    /// <summary>Appends and reads in turn; returns how many events were accepted.</summary>
    private async Task<int> CallAsync(int door, long[] longest, CancellationToken stop)
    {
        var grid = _silos[door].Client();
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = Assert.Single(await grid.AppendAsync(Tenant, [Entry($"door-{door}", $"door {door} event {sent}")], cancellationToken: CancellationToken.None));
            Assert.Equal(EventVerdict.Accepted, answer.Verdict);
            sent++;
            var reading = await grid.ReadFeaturesAsync(Tenant, "ledger", $"door-{door}", ["n"], cancellationToken: CancellationToken.None);
            Assert.Equal(sent, reading.Values[0]);
            longest[door] = Math.Max(longest[door], Stopwatch.GetTimestamp() - started);
        }

        return sent;
    }
}
