using System.Diagnostics;
using System.Globalization;
using Grid.TestKit.Processes;

namespace Grid.TestKit.Network;

/// <summary>A host of a <see cref="PrivateNetwork"/>: processes run on it, and this process can connect from it.</summary>
public sealed class NetworkHost : IAsyncDisposable
{
    internal const string Device = "eth0";

    private readonly Lazy<NamespaceSockets> _sockets;

    internal NetworkHost(string name, int number, NetworkNamespace space)
    {
        Name = name;
        Address = string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number}");
        Namespace = space;
        _sockets = new Lazy<NamespaceSockets>(() => new NamespaceSockets(space.Path));
    }

    public string Name { get; }

    /// <summary>Its IP address, the same in every network: no two of them know of each other.</summary>
    public string Address { get; }

    internal NetworkNamespace Namespace { get; }

    /// <summary>The words of a command that runs on this host, in the process that is started.</summary>
    public string[] Command(params IEnumerable<string> command) => Namespace.Command(command);

    /// <summary>Starts a process that ends with this one.</summary>
    public Task<Process> StartAsync(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command)
    {
        var words = Command(command);
        return ChildProcesses.StartAsync(words[0], words[1..], environment);
    }

    /// <summary>A handler whose requests leave from this host.</summary>
    public HttpMessageHandler HttpHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = (context, cancellationToken) => _sockets.Value.ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    public ValueTask DisposeAsync()
    {
        if (_sockets.IsValueCreated)
        {
            _sockets.Value.Dispose();
        }

        return Namespace.DisposeAsync();
    }
}
