using System.Collections.Concurrent;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Silo.Doors;

/// <summary>One client per workspace, made on first use. Only workspaces with a valid name get one.</summary>
internal sealed class InProcessGridClientFactory(IServiceProvider services) : IGridClientFactory
{
    private readonly ConcurrentDictionary<string, InProcessGridClient> _clients = new(StringComparer.Ordinal);

    public IGridClient ForWorkspace(string workspace)
    {
        if (_clients.TryGetValue(workspace, out var client))
        {
            return client;
        }

        GridNames.Require("workspace", workspace);
        return _clients.GetOrAdd(workspace, static (name, provider) => ActivatorUtilities.CreateInstance<InProcessGridClient>(provider, name), services);
    }
}
