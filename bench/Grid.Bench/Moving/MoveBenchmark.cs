using System.Diagnostics;
using System.Globalization;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.Client;
using Grid.Grains.Moving;
using Grid.Silo.Hosting;
using Orleans.Runtime;

namespace Grid.Bench.Moving;

/// <summary>How long callers wait when a shard moves: the longest call of a reader and of a writer during each move, and what the move took in all.</summary>
internal static class MoveBenchmark
{
    private const string Tenant = "mover";
    private const int EventsPerAppend = 250;

    /// <summary>Wide records, so that a large shard has not very many entities. Each condition has states of its own; an event type may have 16.</summary>
    private const int Conditions = 15;

    private static readonly string[] s_aggregates = ["sum", "mean", "min", "max"];

    private static readonly string s_view = string.Join(
        '\n',
        [
            "view: ledger",
            "entity: account",
            "clock: event",
            "events:",
            "  entry: { account: text, amount: number }",
            "features:",
            "  - { name: n, event: entry, aggregate: count }",
            .. from i in Enumerable.Range(0, Conditions)
               from aggregate in s_aggregates
               select $"  - {{ name: {aggregate}{i}, event: entry, aggregate: {aggregate}, field: amount, where: amount >= {i} }}",
        ]);

    public static async Task<BenchReport> RunAsync(MoveSettings settings, Action<string> progress)
    {
        var report = new BenchReport("moves", $"a shard that goes to and fro between two silos on PostgreSQL while it is read and written, {settings.Moves} moves each");
        await using var postgres = await BenchServer.StartAsync();
        foreach (var size in settings.MegaBytes)
        {
            var folder = Directory.CreateTempSubdirectory("grid-bench-moves-").FullName;
            try
            {
                var database = await postgres.CreateDatabaseAsync($"moves{size}");
                await using var first = await StartAsync(database, Path.Combine(folder, "0"));
                await using var second = await StartAsync(database, Path.Combine(folder, "1"));
                await RunAsync([first, second], settings, size, report, progress);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return report;
    }

    private static Task<GridSilo> StartAsync(string database, string folder)
    {
        // Moves are made by hand here.
        var options = new GridSiloOptions { PostgreSql = database, StateFolder = folder, HttpAddress = "http://127.0.0.1:0" };
        options.Balancer.Mode = Abstractions.BalanceMode.Off;
        return GridSilo.StartAsync(options);
    }

    private static async Task RunAsync(GridSilo[] silos, MoveSettings settings, int size, BenchReport report, Action<string> progress)
    {
        var grid = silos[0].Client();
        await grid.Views.ApplyAsync(s_view);
        var state = await FillAsync(grid, (long)size << 20);
        progress(string.Create(CultureInfo.InvariantCulture, $"{size} MiB: {state.Entities} entities, {state.StateBytes / 1048576.0:0.0} MiB of state"));

        // Time stamps: the longest of each caller since it was set to zero.
        var longest = new long[2];
        using var stop = new CancellationTokenSource();
        Task[] callers = [Task.Run(() => ReadAsync(silos[0].Client(), longest, stop.Token)), Task.Run(() => WriteAsync(silos[1].Client(), longest, stop.Token))];
        var pauses = new List<double>();
        var wholes = new List<double>();
        var usual = new List<double>();
        for (var move = -settings.WarmUp; move < settings.Moves; move++)
        {
            // 1. As much time without a move, to compare with.
            Array.Clear(longest);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            var calm = Stopwatch.GetElapsedTime(0, longest.Max()).TotalMilliseconds;

            // 2. The move, until the target answers.
            Array.Clear(longest);
            var began = Stopwatch.GetTimestamp();
            await MoveAsync(grid, silos);
            var whole = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

            // 3. A call that waited may end a moment after the first that was answered.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            if (move >= 0)
            {
                usual.Add(calm);
                wholes.Add(whole);
                pauses.Add(Stopwatch.GetElapsedTime(0, longest.Max()).TotalMilliseconds);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        report.Add(
            $"{size} MiB",
            "Grid",
            ("pause p50 ms", Statistics.Quantile([.. pauses], 0.5)),
            ("pause p99 ms", Statistics.Quantile([.. pauses], 0.99)),
            ("move p50 ms", Statistics.Quantile([.. wholes], 0.5)),
            ("move p99 ms", Statistics.Quantile([.. wholes], 0.99)),
            ("longest call without p50 ms", Statistics.Quantile([.. usual], 0.5)),
            ("longest call without p99 ms", Statistics.Quantile([.. usual], 0.99)));
    }

    private static async Task<Abstractions.ShardStatus> FillAsync(IGridClient grid, long bytes)
    {
        var accounts = 0;
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            {
                var start = Interlocked.Add(ref accounts, EventsPerAppend) - EventsPerAppend;
                return grid.AppendAsync(Tenant, [.. Enumerable.Range(start, EventsPerAppend).Select(i => Entry($"account-{i}", $"first {i}"))]).AsTask();
            }));
            var status = await grid.Tenants.GetShardAsync(Tenant, 0);
            if (status.StateBytes >= bytes)
            {
                return status;
            }
        }
    }

    private static async Task MoveAsync(IGridClient grid, GridSilo[] silos)
    {
        var from = (await grid.Tenants.GetShardAsync(Tenant, 0)).Silo;
        var target = silos.Select(static s => s.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress).Single(a => a.ToParsableString() != from);
        await silos[0].Services.GetRequiredService<IGrainFactory>().GetGrain<IMovableShard>($"default/{Tenant}/0").MoveToAsync(target);
        while ((await grid.Tenants.GetShardAsync(Tenant, 0)).Silo == from)
        {
            await Task.Yield();
        }
    }

    private static GridEvent Entry(string account, string key) =>
        new("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), key, new Dictionary<string, object?> { ["account"] = account, ["amount"] = 100.0 });

    private static async Task ReadAsync(IGridClient grid, long[] longest, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await grid.ReadFeaturesAsync(Tenant, "ledger", "account-1", ["n"], cancellationToken: CancellationToken.None);
            longest[0] = Math.Max(longest[0], Stopwatch.GetTimestamp() - started);

            // A caller, not a flood: what a move costs is measured, not a full machine.
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static async Task WriteAsync(IGridClient grid, long[] longest, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await grid.AppendAsync(Tenant, [Entry("account-2", $"next {n}")], cancellationToken: CancellationToken.None);
            longest[1] = Math.Max(longest[1], Stopwatch.GetTimestamp() - started);
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
