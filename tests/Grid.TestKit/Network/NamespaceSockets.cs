using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Grid.TestKit.Network;

/// <summary>
/// Makes sockets in a network namespace. A socket stays in the namespace of the thread that made it, whoever uses it later: one thread has entered and makes them all.
/// Thread-safe.
/// </summary>
internal sealed class NamespaceSockets : IDisposable
{
    private const int NetworkNamespaces = 0x40000000;

    private readonly BlockingCollection<TaskCompletionSource<Socket>> _wanted = [];

    public NamespaceSockets(string path) =>
        new Thread(() => Run(path)) { IsBackground = true, Name = "makes sockets" }.Start();

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint address, CancellationToken cancellationToken)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted.Add(made, cancellationToken);
        var socket = await made.Task;
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The thread ends.</summary>
    public void Dispose() => _wanted.CompleteAdding();

    private void Run(string path)
    {
        IOException? failure = null;
        using (var handle = File.OpenHandle(path))
        {
            if (SetNamespace(handle, NetworkNamespaces) != 0)
            {
                failure = new IOException($"The namespace {path} cannot be entered: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }

        foreach (var wanted in _wanted.GetConsumingEnumerable())
        {
            if (failure is not null)
            {
                wanted.SetException(failure);
                continue;
            }

            try
            {
                wanted.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            }
            catch (SocketException e)
            {
                wanted.SetException(e);
            }
        }

        _wanted.Dispose();
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeHandle handle, int kind);
}
