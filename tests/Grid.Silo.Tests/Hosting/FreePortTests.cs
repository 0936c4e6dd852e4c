using System.Net;
using System.Net.Sockets;
using Grid.Primitives;
using Grid.Silo.Hosting;

namespace Grid.Silo.Tests.Hosting;

public sealed class FreePortTests
{
    [Fact]
    public void AnyPort_IsNoneThatAnOutgoingConnectionMayTakeMeanwhile()
    {
        var ports = Enumerable.Range(0, 200).Select(static _ => FreePorts.Require("SiloPort", IPAddress.Loopback, 0)).ToArray();
        Assert.All(ports, static port => Assert.InRange(port, 15_000, 31_999));
        Assert.True(ports.Distinct().Count() > 150);
    }

    [Fact]
    public void APortThatIsTaken_IsNamedWithItsSetting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var error = Assert.Throws<GridException>(() => FreePorts.Require("SiloPort", IPAddress.Loopback, port)).Error;
        Assert.Equal($"port {port}", error.Target);
        Assert.Contains("Grid:SiloPort", error.Fix, StringComparison.Ordinal);
    }
}
