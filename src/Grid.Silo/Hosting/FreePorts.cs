using System.Net;
using System.Net.Sockets;
using Grid.Primitives;

namespace Grid.Silo.Hosting;

/// <summary>Ports of the silo. Orleans listens with port reuse, so a second process on a taken port would not fail but share its connections: the port is tried first.</summary>
internal static class FreePorts
{
    /// <summary>
    /// What is taken for "any": below the ports that systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere), one of which could have the port
    /// by the time that the silo listens.
    /// </summary>
    private const int First = 15_000;
    private const int End = 32_000;

    private const int MaxTries = 100;

    /// <summary>The port asked for, if it is free; any free one for 0.</summary>
    /// <exception cref="GridException">The port is taken.</exception>
    public static int Require(string setting, IPAddress address, int port)
    {
        if (port != 0)
        {
            return Bind(setting, address, port);
        }

        for (var i = 1; ; i++)
        {
            try
            {
#pragma warning disable CA5394 // Nothing is secret about it.
                return Bind(setting, address, Random.Shared.Next(First, End));
#pragma warning restore CA5394
            }
            catch (GridException) when (i < MaxTries)
            {
            }
        }
    }

    private static int Bind(string setting, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException e)
        {
            throw new GridException(
                new GridError(GridErrorCode.FailedPrecondition, $"port {port}", $"is taken ({e.SocketErrorCode}).", $"Stop what listens there, or set Grid:{setting} to another port or to 0 for any."),
                e);
        }
    }
}
