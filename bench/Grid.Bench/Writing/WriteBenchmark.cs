using System.Diagnostics;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;

namespace Grid.Bench.Writing;

/// <summary>Durable writes of many writers into one PostgreSQL server: Grid's group commit against Orleans' persistence, with the same bytes.</summary>
internal static class WriteBenchmark
{
    private const double MinRatio = 20;

    public static async Task<BenchReport> RunAsync(WriteSettings settings, Action<string> progress)
    {
        var report = new BenchReport(
            "writes",
            $"durable writes into PostgreSQL, {settings.Writers} writers with one write each under way, medians of {settings.Rounds} rounds of {settings.Round.TotalSeconds:0.#} s; us are CPU per write");
        await using var server = await BenchServer.StartAsync();
        foreach (var bytes in settings.Bytes)
        {
            await using var grid = await GroupCommitContender.OpenAsync(await server.CreateDatabaseAsync($"grid_{bytes}"), settings.Writers);
            await using var orleans = await GrainStorageContender.OpenAsync(await server.CreateDatabaseAsync($"orleans_{bytes}"), settings.Writers);
            await RunAsync(report, settings, bytes, server.ProcessId, grid, orleans, progress);
        }

        return report;
    }

    private static async Task RunAsync(BenchReport report, WriteSettings settings, int bytes, int server, IWriteContender grid, IWriteContender orleans, Action<string> progress)
    {
        var setting = $"{bytes} bytes";
        IWriteContender[] contenders = [grid, orleans];
        var rounds = contenders.ToDictionary(static c => c, static _ => new List<WriteRound>());
        var payload = new byte[bytes];
        Random.Shared.NextBytes(payload);
        for (var round = -settings.WarmUps; round < settings.Rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var contender = contenders[(i + round + settings.WarmUps) % contenders.Length];
                var took = await RoundAsync(contender, settings, payload, server);
                progress($"{setting}, round {round}: {contender.Name} {took.WritesPerSecond:0} writes/s, {took.OwnMicroseconds:0.0} us, with the server {took.AllMicroseconds:0.0} us");
                if (round >= 0)
                {
                    rounds[contender].Add(took);
                }
            }
        }

        foreach (var contender in contenders)
        {
            var of = rounds[contender];
            report.Add(
                setting,
                contender.Name,
                ("writes/s", Statistics.Median(of.Select(static r => r.WritesPerSecond))),
                ("us", Statistics.Median(of.Select(static r => r.OwnMicroseconds))),
                ("us with server", Statistics.Median(of.Select(static r => r.AllMicroseconds))));
        }

        var pairs = rounds[grid].Zip(rounds[orleans]).ToList();
        report.AtLeast(setting, "writes/s of Grid to Orleans'", Statistics.Median(pairs.Select(static p => p.First.WritesPerSecond / p.Second.WritesPerSecond)), MinRatio);
        report.AtLeast(setting, "CPU of a write, server included, of Orleans to Grid's", Statistics.Median(pairs.Select(static p => p.Second.AllMicroseconds / p.First.AllMicroseconds)), MinRatio);
    }

    private static async Task<WriteRound> RoundAsync(IWriteContender contender, WriteSettings settings, byte[] payload, int server)
    {
        var own = ProcessCpu.SecondsOf(Environment.ProcessId);
        var all = own + ProcessCpu.SecondsOfTree(server);
        var at = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, settings.Writers).Select(writer => Task.Run(() => WriteAsync(writer))));
        var seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
        double writes = counts.Sum();
        var ownAfter = ProcessCpu.SecondsOf(Environment.ProcessId);
        return new WriteRound(writes / seconds, (ownAfter - own) / writes * 1e6, (ownAfter + ProcessCpu.SecondsOfTree(server) - all) / writes * 1e6);

        async Task<long> WriteAsync(int writer)
        {
            var count = 0L;
            do
            {
                await contender.WriteAsync(writer, payload);
                count++;
            }
            while (Stopwatch.GetElapsedTime(at) < settings.Round);
            return count;
        }
    }
}
