using Grid.TestKit.PostgreSql;

namespace Grid.Bench.Processes;

/// <summary>The PostgreSQL server that benchmarks measure against: it syncs every commit, and has more memory than one for tests.</summary>
internal static class BenchServer
{
    public static Task<PostgreSqlServer> StartAsync() => PostgreSqlServer.CreateAsync(
        PostgreSqlServer.FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is missing: install it (bench/run.sh does)."),
        "max_connections=200",
        "shared_buffers=256MB",
        "max_wal_size=4GB",
        "deadlock_timeout=1s");
}
