using Grid.Storage.Tests.PostgreSql;
using Grid.TestKit.PostgreSql;

[assembly: AssemblyFixture(typeof(SharedPostgreSql))]

namespace Grid.Storage.Tests.PostgreSql;

/// <summary>The server that the tests share, each in a schema of its own. Started by the first that asks.</summary>
public sealed class SharedPostgreSql : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> s_server = new(static () => PostgreSqlServer.CreateAsync(Programs()));

    public static Task<PostgreSqlServer> GetAsync()
    {
        // Outside of the shared start: a skip belongs to the test that asks.
        _ = Programs();
        return s_server.Value;
    }

    /// <summary>Where the programs of a server are; skips the test if there is none.</summary>
    public static string Programs()
    {
        var programs = PostgreSqlServer.FindPrograms();
        Assert.SkipWhen(programs is null, "No PostgreSQL server is installed here: 'apt-get install postgresql' on Debian.");
        return programs;
    }

    public async ValueTask DisposeAsync()
    {
        // One that did not start has failed its tests already.
        if (s_server.IsValueCreated && s_server.Value.IsCompletedSuccessfully)
        {
            await (await s_server.Value).DisposeAsync();
        }
    }
}
