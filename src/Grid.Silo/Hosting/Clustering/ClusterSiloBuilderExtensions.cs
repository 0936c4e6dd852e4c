using System.Net;
using Orleans.Configuration;

namespace Grid.Silo.Hosting.Clustering;

/// <summary>Makes a silo a member of a cluster.</summary>
internal static class ClusterSiloBuilderExtensions
{
    /// <param name="silo">The silo.</param>
    /// <param name="options">Ports, address and time-outs.</param>
    /// <param name="membership">Connection of the membership tables; null for a silo that is alone.</param>
    public static ISiloBuilder UseGridCluster(this ISiloBuilder silo, GridSiloOptions options, string? membership)
    {
        var cluster = options.Cluster;
        var address = cluster.AddressOrThrow();
        var isLocal = IPAddress.IsLoopback(address);
        var listen = isLocal ? address : IPAddress.Any;
        var siloPort = FreePorts.Require(nameof(options.SiloPort), listen, options.SiloPort);
        var gatewayPort = FreePorts.Require(nameof(options.GatewayPort), listen, options.GatewayPort);
        if (membership is null)
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.Id);
        }
        else
        {
            silo.UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = "Npgsql";
                clustering.ConnectionString = membership;
            });
            silo.ConfigureEndpoints(address, siloPort, gatewayPort, listenOnAnyHostAddress: !isLocal);
            silo.Configure<ClusterOptions>(ids =>
            {
                ids.ClusterId = cluster.Id;
                ids.ServiceId = cluster.ServiceId;
            });
            silo.Configure<ClusterMembershipOptions>(liveness => Apply(cluster, liveness));
        }

        silo.Configure<SiloOptions>(name => name.SiloName = cluster.Name ?? $"{Environment.MachineName}-{siloPort}");
        return silo;
    }

    internal static void Apply(SiloClusterOptions cluster, ClusterMembershipOptions liveness)
    {
        liveness.ProbeTimeout = cluster.ProbeTimeout;
        liveness.MinProbeTimeout = cluster.ProbeTimeout / 2;

        // An open connection on which something came in holds a silo alive for this times the missed probes: it is what bounds how long a frozen one is waited for.
        liveness.MaxProbeTimeout = cluster.ProbeTimeout * 3;
        liveness.NumMissedProbesLimit = cluster.MissedProbes;
        liveness.NumVotesForDeathDeclaration = cluster.Votes;

        // Longer than a whole round of the slowest probes, so that the votes of one death meet.
        liveness.DeathVoteExpirationTimeout = cluster.ProbeTimeout * 3 * (cluster.MissedProbes + 2) * 2;

        // Only where the news between silos was lost.
        liveness.TableRefreshTimeout = cluster.ProbeTimeout * 10;

        // A silo that starts ignores rows this old times the limit of 3: a cluster that died as a whole comes up after 15 s, also on other ports.
        liveness.IAmAliveTablePublishTimeout = cluster.ProbeTimeout * 5;
    }
}
