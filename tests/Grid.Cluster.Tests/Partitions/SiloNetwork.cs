using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Cluster.Tests.Clustering;
using Grid.TestKit.Network;
using Grid.TestKit.PostgreSql;

namespace Grid.Cluster.Tests.Partitions;

/// <summary>Three silos, their database and their callers, each on a host of its own.</summary>
internal sealed class SiloNetwork : IAsyncDisposable
{
    private const string Database = "partitions";

    private static readonly Dictionary<string, string> s_settings = new()
    {
        // Shards change silos by what happens to the network alone.
        ["GRID_BALANCER__MODE"] = "Off",
    };

    private readonly PrivateNetwork _network;
    private readonly PostgreSqlServer _server;

    private SiloNetwork(PrivateNetwork network, PostgreSqlServer server, SiloCluster cluster, EpochTrace trace) =>
        (_network, _server, Cluster, Trace) = (network, server, cluster, trace);

    public SiloCluster Cluster { get; }

    public EpochTrace Trace { get; }

    public NetworkHost DatabaseHost => _network.Hosts[3];

    /// <summary>Skips the test where the machine has no such networks.</summary>
    public static async Task<SiloNetwork> StartAsync()
    {
        var programs = SharedServer.Programs();
        var reason = await PrivateNetwork.WhyNotAsync();
        Assert.SkipWhen(reason is not null, reason ?? "");
        var network = await PrivateNetwork.CreateAsync("silo0", "silo1", "silo2", "database", "callers");
        PostgreSqlServer? server = null;
        SiloCluster? cluster = null;
        try
        {
            server = await PostgreSqlServer.CreateAsync(programs, network.Hosts[3]);
            await server.CreateDatabaseAsync(Database);
            cluster = await SiloCluster.StartOnAsync([.. network.Hosts.Take(3)], network.Hosts[4], server.NetworkConnectionTo(Database), s_settings);
            var trace = new EpochTrace(server, Database);
            await trace.BeginAsync();
            var started = new SiloNetwork(network, server, cluster, trace);
            await started.WholeAsync();
            return started;
        }
        catch
        {
            await StopAsync(network, server, cluster);
            throw;
        }
    }

    public NetworkHost Host(int silo) => _network.Hosts[silo];

    public Task HealAsync() => _network.HealAsync();

    /// <summary>A client that asks one silo only, once, and waits for what that has to say.</summary>
    public HttpGridClient Door(int silo) => Cluster.Client(
        static o =>
        {
            o.FollowOwners = false;
            o.MaxAttempts = 1;
            o.AttemptTimeout = TimeSpan.FromMinutes(1);
        },
        silo);

    /// <summary>A client as applications have it: it goes on to another silo where one does not answer.</summary>
    public HttpGridClient Application() => Cluster.Client(static o => o.AttemptTimeout = TimeSpan.FromSeconds(3));

    /// <summary>The members as one silo sees them.</summary>
    public async Task<IReadOnlyList<SiloInfo>> MembersAsync(int silo)
    {
        using var door = Door(silo);
        return await door.Cluster.ListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Returns when every silo sees three that have spoken lately.</summary>
    public async Task WholeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var silo = i;
            await SiloCluster.UntilAsync(() => MembersAsync(silo), static silos => silos.Count == 3 && silos.All(static s => s.HeardMsAgo is >= 0 and < 5_000), $"silo {silo} hears all three");
        }
    }

    /// <summary>Tenants whose shards are on a silo, by what the silos say at the moment.</summary>
    public async Task<string[]> TenantsOnAsync(SiloInfo silo, IEnumerable<string> tenants)
    {
        using var grid = Application();
        var owners = await SiloCluster.OwnersAsync(grid, tenants);
        return [.. owners.Where(pair => pair.Value.Silo == silo.Address).Select(static pair => pair.Key)];
    }

    public ValueTask DisposeAsync() => StopAsync(_network, _server, Cluster);

    private static async ValueTask StopAsync(PrivateNetwork network, PostgreSqlServer? server, SiloCluster? cluster)
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }

        await network.DisposeAsync();
    }
}
