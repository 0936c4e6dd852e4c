using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary>A client for the time of one command.</summary>
internal sealed class ClientLease(IGridClient client, IDisposable? owned = null) : IDisposable
{
    public IGridClient Client { get; } = client;

    /// <exception cref="GridException">Address or workspace are not valid.</exception>
    public static ClientLease Connect(string server, string workspace)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw GridError.Invalid("--server", $"'{server}' is not an http or https address.", $"Example: {GridCommands.DefaultServer}.").ToException();
        }

        GridNames.Require("workspace", workspace);
        var http = new HttpGridClient(new GridClientOptions { Addresses = [server], Workspace = workspace });
        return new ClientLease(http, http);
    }

    public void Dispose() => owned?.Dispose();
}
