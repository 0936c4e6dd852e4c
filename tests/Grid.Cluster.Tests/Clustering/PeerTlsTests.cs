using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>Silos that speak TLS: with each other only, and with certificates that may change under them.</summary>
[Collection(nameof(WaitingTests))]
public sealed class PeerTlsTests
{
    [Fact]
    public async Task SilosOfOneAuthority_FormACluster_OthersAreTurnedAway_AndNewCertificatesAreUsedWithoutARestart()
    {
        using var folder = new TempFolder();
        using var authority = new PeerAuthority();
        using var stranger = new PeerAuthority();
        var files = folder.Sub("certificates");
        var serial = authority.Issue(files, "silo.grid");
        await using var cluster = await SiloCluster.StartAsync(2, PeerAuthority.SettingsOf(files));
        using var grid = cluster.Client();
        for (var i = 0; i < 12; i++)
        {
            await SiloCluster.AppendAsync(grid, $"t{i}", "a", "first");
        }

        // 1. Both hold shards, and each door reaches the other's.
        for (var door = 0; door < 2; door++)
        {
            using var one = cluster.Client(static o => o.FollowOwners = false, door);
            for (var i = 0; i < 12; i++)
            {
                Assert.Equal(1, await SiloCluster.CountAsync(one, $"t{i}", "a"));
            }
        }

        // 2. Whoever has a certificate of the authority, with the name, is let in; nobody else is.
        var port = new Uri($"tcp://{(await grid.Cluster.ListAsync())[0].Address.Split('@')[0]}").Port;
        Assert.Equal(serial, await SerialOfAsync(port, files));
        var wrong = folder.Sub("wrong");
        stranger.Issue(wrong, "silo.grid");
        await TurnedAwayAsync(port, wrong);
        authority.Issue(wrong, "other.grid");
        await TurnedAwayAsync(port, wrong);
        await TurnedAwayAsync(port, folder: null);

        // 3. The files are replaced: new connections use what is in them.
        var renewed = authority.Issue(files, "silo.grid");
        Assert.NotEqual(serial, renewed);
        await SiloCluster.UntilAsync(() => SerialOfAsync(port, files), seen => seen == renewed, "the new certificate is served");
        Assert.Equal(1, await SiloCluster.CountAsync(grid, "t0", "a"));
    }

    private static async Task TurnedAwayAsync(int port, string? folder)
    {
        // TLS 1.3 lets the client think that it is done before the server has looked at its certificate: the end comes with the first read.
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => Assert.Null(await SerialOfAsync(port, folder)));
        Assert.True(error is AuthenticationException or IOException, error.ToString());
    }

    /// <summary>The serial number that a silo shows, once it has let the caller in.</summary>
    private static async Task<string> SerialOfAsync(int port, string? folder)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(client.GetStream());
        using var own = folder is null ? null : X509Certificate2.CreateFromPemFile(Path.Combine(folder, "silo.pem"), Path.Combine(folder, "silo.key"));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "silo.grid",
            ClientCertificates = own is null ? null : [own],
            RemoteCertificateValidationCallback = static (_, peer, _, _) => peer?.Subject == "CN=silo.grid",
        });

        // The runtime speaks first once the peer is let in; a refused one reads the end of the connection.
        var read = await stream.ReadAsync(new byte[16]);
        return read > 0 ? stream.RemoteCertificate!.GetSerialNumberString() : throw new IOException("The connection was closed.");
    }
}
