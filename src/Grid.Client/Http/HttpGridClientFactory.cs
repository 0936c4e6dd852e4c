using System.Collections.Concurrent;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Client.Http;

/// <summary>One HTTP client per workspace; all are disposed with the factory.</summary>
internal sealed class HttpGridClientFactory(IOptions<GridClientOptions> options) : IGridClientFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HttpGridClient>> _clients = new(StringComparer.Ordinal);

    public IGridClient ForWorkspace(string workspace)
    {
        GridNames.Require("workspace", workspace);
        return _clients.GetOrAdd(workspace, static (name, o) => new Lazy<HttpGridClient>(() => new HttpGridClient(For(o, name))), options.Value).Value;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            if (client.IsValueCreated)
            {
                client.Value.Dispose();
            }
        }
    }

    private static GridClientOptions For(GridClientOptions options, string workspace) => new()
    {
        Addresses = options.Addresses,
        Workspace = workspace,
        RequestTimeout = options.RequestTimeout,
        AttemptTimeout = options.AttemptTimeout,
        UploadTimeout = options.UploadTimeout,
        MaxAttempts = options.MaxAttempts,
        RetryBaseDelay = options.RetryBaseDelay,
        RetryMaxDelay = options.RetryMaxDelay,
        FollowOwners = options.FollowOwners,
        OwnerHints = options.OwnerHints,
        AppendChunkEvents = options.AppendChunkEvents,
        AppendChunkBytes = options.AppendChunkBytes,
    };
}
