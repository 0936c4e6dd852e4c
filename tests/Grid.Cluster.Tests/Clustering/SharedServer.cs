using Grid.Cluster.Tests.Clustering;
using Grid.TestKit.PostgreSql;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Grid.Cluster.Tests.Clustering;

/// <summary>The database server that the clusters share, each in a database of its own. Started by the first that asks.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> s_server = new(static () => PostgreSqlServer.CreateAsync(Programs()));

    private static int s_databases;

    /// <returns>Connection string of a new database.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        // Outside of the shared start: a skip belongs to the test that asks.
        _ = Programs();
        return await (await s_server.Value).CreateDatabaseAsync($"cluster{Interlocked.Increment(ref s_databases)}");
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
        if (s_server.IsValueCreated && s_server.Value.IsCompletedSuccessfully)
        {
            await (await s_server.Value).DisposeAsync();
        }
    }
}
