using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Grid.Bench.Processes;

/// <summary>A Redis server without persistence, which is as cheap as it gets.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly Spawned _process;

    private RedisProcess(Spawned process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int Id => _process.Id;

    public static async Task<RedisProcess> StartAsync()
    {
        var port = FreePort();
        var process = await Spawned.StartAsync(
            "redis-server",
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--protected-mode", "no"]);
        await process.LineAsync(static line => line.Contains("Ready to accept connections", StringComparison.OrdinalIgnoreCase));
        return new RedisProcess(process, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
