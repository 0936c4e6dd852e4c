using Grid.Abstractions;
using Grid.Primitives;
using Grid.TestKit.PostgreSql;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>The database goes away under a cluster, and comes back.</summary>
[Collection(nameof(WaitingTests))]
public sealed class LostDatabaseTests
{
    private const string Tenant = "t0";

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 700, 120]);

    [Fact]
    public async Task Silos_GoOnPredicting_SayHowOldTheirOwnershipIs_ThenRefuse_AndRecover()
    {
        await using var server = await PostgreSqlServer.CreateAsync(SharedServer.Programs());
        await using var cluster = await SiloCluster.StartAsync(2, flights: true, database: server.ConnectionString);
        using var grid = cluster.Client(static o => o.MaxAttempts = 1);
        await SiloCluster.AppendAsync(grid, Tenant, "a", "first");
        await grid.PredictAsync("flights-late", Tenant, "ORD", s_values);

        await server.StopAsync();

        // 1. Within the limit every prediction is answered, and past five seconds it carries the age.
        var aged = await SiloCluster.UntilAsync(
            async () => await grid.PredictAsync("flights-late", Tenant, "ORD", s_values),
            static prediction => prediction.OwnershipAgeMs > 0,
            "answers say how long the owner has not been confirmed");
        Assert.InRange(aged.OwnershipAgeMs, 5_000, 30_000);

        // 2. Nothing is acknowledged that is not stored.
        var entry = new Client.GridEvent("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), "while away", new Dictionary<string, object?> { ["account"] = "a", ["amount"] = 1.0 });
        var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.AppendAsync(Tenant, [entry]));
        Assert.Contains(refused.Code, (GridErrorCode[])[GridErrorCode.Unavailable, GridErrorCode.OutcomeUnknown, GridErrorCode.Overloaded, GridErrorCode.DeadlineExceeded]);

        // 3. Past the limit an owner that may be none refuses by name.
        var stale = await SiloCluster.UntilAsync(
            async () =>
            {
                try
                {
                    await grid.PredictAsync("flights-late", Tenant, "ORD", s_values);
                    return null;
                }
                catch (GridException e)
                {
                    return e;
                }
            },
            static error => error is not null,
            "the owner refuses");
        Assert.Equal(GridErrorCode.Unavailable, stale!.Code);
        Assert.Contains("has not been confirmed", stale.Message, StringComparison.Ordinal);

        // 4. All of it works again by itself, and the event is there once.
        await server.StartAsync();
        await SiloCluster.AppendAsync(grid, Tenant, "a", "while away");
        Assert.Equal(2, await SiloCluster.CountAsync(grid, Tenant, "a"));
        var back = await SiloCluster.UntilAsync(
            async () => await grid.PredictAsync("flights-late", Tenant, "ORD", s_values),
            static prediction => prediction.OwnershipAgeMs == 0,
            "the owner is confirmed");
        Assert.Equal("flights-late", back.Model);
    }
}
