using System.Diagnostics;
using Grid.Abstractions;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.TestKit.PostgreSql;

namespace Grid.Bench.Ingestion;

/// <summary>A silo process that reads the topic into durable shards.</summary>
internal sealed class GridContender : IContender
{
    /// <summary>Making 10,000 tenants in PostgreSQL alone can take more than five minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly PostgreSqlServer? _postgreSql;

    private GridContender(SiloProcess silo, StoreRows rows, PostgreSqlServer? postgreSql) => (Silo, Rows, _postgreSql) = (silo, rows, postgreSql);

    public string Name => _postgreSql is null ? "Grid, SQLite" : "Grid, PostgreSQL";

    public SiloProcess Silo { get; }

    public StoreRows Rows { get; }

    public static async Task<GridContender> StartAsync(string store, string bootstrap, int? fetchWaitMs = null)
    {
        var postgreSql = store == "postgresql" ? await BenchServer.StartAsync() : null;
        var database = postgreSql is null ? null : await postgreSql.CreateDatabaseAsync("grid");
        var silo = await SiloProcess.StartAsync(IngestFiles.For(bootstrap, fetchWaitMs), database);
        return new GridContender(silo, new StoreRows(silo.StateFolder, database), postgreSql);
    }

    public double OwnCpuSeconds() => ProcessCpu.SecondsOf(Silo.Id);

    public double CpuSeconds() => OwnCpuSeconds() + (_postgreSql is null ? 0 : ProcessCpu.SecondsOfTree(_postgreSql.ProcessId));

    /// <summary>Returns when all is durable in every shard; asks ten times a second, which is part of what is measured.</summary>
    public async Task ConsumeAsync(int events, long[] ends)
    {
        await Silo.ThawAsync();
        var started = Stopwatch.GetTimestamp();
        while (!IsDurable(await Silo.Client.Streams.ListAsync(), ends))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                var status = await Silo.Client.Streams.ListAsync();
                throw new InvalidOperationException($"The silo has not taken all in after {Patience}: {string.Join("; ", status)}");
            }

            await Task.Delay(100);
        }

        await Silo.FreezeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        if (_postgreSql is not null)
        {
            await _postgreSql.DisposeAsync();
        }
    }

    private static bool IsDurable(IReadOnlyList<PartitionIngestStatus> status, long[] ends) =>
        ends.Select(static (end, partition) => (end, partition)).All(e => e.end == 0 || status.Any(s => s.Partition == e.partition && s.Next >= e.end && s.KeptBytes == 0));
}
