using Grid.Chaos.Processes;
using Grid.TestKit.Kafka;
using Grid.TestKit.PostgreSql;

namespace Grid.Chaos.Faults;

/// <summary>Does the faults, and heals what they broke.</summary>
internal sealed class FaultDriver(IReadOnlyList<SiloNode> silos, PostgreSqlServer database, MockBrokerProcess brokers) : IDisposable
{
    private const int Fetch = 1;
    private const int Produce = 0;

    // Errors that a client must outlive: no leader, not the leader, timed out, storage.
    private const string Passing = "5 6 7 56 6 5 7 6";

    // The server and the brokers can be in one trouble at a time; silos in several.
    private readonly SemaphoreSlim _database = new(1);
    private readonly SemaphoreSlim _brokers = new(1);

    /// <summary>Does one fault. Completes when its effect is over and every silo that it hit is ready again.</summary>
    public async Task RunAsync(Fault fault)
    {
        await Task.Delay(fault.AfterMs);
        var time = TimeSpan.FromMilliseconds(fault.LastsMs);
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await KillAsync([silos[fault.Silo]], time);
                break;
            case FaultKind.KillAll:
                await KillAsync(silos, time);
                break;
            case FaultKind.Freeze:
                await FreezeAsync(silos[fault.Silo], time);
                break;
            case FaultKind.DatabaseCrash or FaultKind.DatabaseRestart:
                await AloneAsync(_database, () => RestartDatabaseAsync(fault.Kind == FaultKind.DatabaseCrash, time));
                break;
            case FaultKind.DatabasePause:
                await AloneAsync(_database, () => PauseDatabaseAsync(time));
                break;
            case FaultKind.BrokerDown:
                await AloneAsync(_brokers, () => BracketAsync("down", time, "up"));
                break;
            case FaultKind.BrokerSlow:
                await AloneAsync(_brokers, () => BracketAsync("rtt 400", time, "rtt 0"));
                break;
            case FaultKind.FetchErrors:
                await AloneAsync(_brokers, () => BracketAsync($"errors {Fetch} {Passing}", time, $"clear-errors {Fetch}"));
                break;
            case FaultKind.ProduceErrors:
                await AloneAsync(_brokers, () => BracketAsync($"errors {Produce} {Passing}", time, $"clear-errors {Produce}"));
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} is no fault.");
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _brokers.Dispose();
    }

    private async Task RestartDatabaseAsync(bool isCrash, TimeSpan down)
    {
        await (isCrash ? database.CrashAsync() : database.StopAsync());
        await Task.Delay(down);
        await database.StartAsync();
    }

    private async Task PauseDatabaseAsync(TimeSpan time)
    {
        await database.FreezeAsync();
        await Task.Delay(time);
        await database.ThawAsync();
    }

    private static async Task AloneAsync(SemaphoreSlim lane, Func<Task> run)
    {
        await lane.WaitAsync();
        try
        {
            await run();
        }
        finally
        {
            lane.Release();
        }
    }

    private static async Task KillAsync(IReadOnlyList<SiloNode> nodes, TimeSpan down)
    {
        await Task.WhenAll(nodes.Select(static n => n.KillAsync()));
        await Task.Delay(down);
        foreach (var node in nodes)
        {
            node.Start();
        }

        await Task.WhenAll(nodes.Select(static n => n.ReadyAsync()));
    }

    private static async Task FreezeAsync(SiloNode node, TimeSpan time)
    {
        // One that is just starting would not be a zombie.
        await node.ReadyAsync();
        await node.FreezeAsync(time);

        // It goes on, learns what it has missed, and ends or serves; a silo that ended is started again by its supervisor.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await node.ReadyAsync();
    }

    private async Task BracketAsync(string before, TimeSpan time, string after)
    {
        await SendAsync(before);
        await Task.Delay(time);
        await SendAsync(after);
    }

    private async Task SendAsync(string command)
    {
        if (await brokers.SendAsync(command) is var answer and not "ok")
        {
            throw new InvalidOperationException($"The brokers answer '{answer}' to '{command}'.");
        }
    }
}
