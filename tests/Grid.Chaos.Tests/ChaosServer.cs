using Grid.Chaos.Processes;

namespace Grid.Chaos.Tests;

/// <summary>One server for all runs of a class; each makes a database of its own.</summary>
public sealed class ChaosServer : IAsyncLifetime
{
    /// <summary>Null where none is installed.</summary>
    internal DatabaseServer? Server { get; private set; }

    public async ValueTask InitializeAsync() => Server = DatabaseServer.FindPrograms() is { } programs ? await DatabaseServer.CreateAsync(programs) : null;

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
