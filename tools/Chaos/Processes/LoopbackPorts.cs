using System.Net;
using System.Net.Sockets;

namespace Grid.Chaos.Processes;

/// <summary>Ports that stay a silo's own through its restarts: below those that the system gives to connections.</summary>
internal static class LoopbackPorts
{
    private const int First = 12_000;
    private const int Last = 30_000;

    public static int[] Free(int count)
    {
        var free = new HashSet<int>();
        while (free.Count < count)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
            {
                free.Add(port);
            }
        }

        return [.. free];
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
