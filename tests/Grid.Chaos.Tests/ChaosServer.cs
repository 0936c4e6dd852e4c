using Grid.TestKit.PostgreSql;

namespace Grid.Chaos.Tests;

/// <summary>One server for all runs of a class; each makes a database of its own.</summary>
public sealed class ChaosServer : IAsyncLifetime
{
    /// <summary>Null where none is installed.</summary>
    internal PostgreSqlServer? Server { get; private set; }

    public async ValueTask InitializeAsync() => Server = PostgreSqlServer.FindPrograms() is { } programs ? await PostgreSqlServer.CreateAsync(programs, ChaosRun.ServerSettings) : null;

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
