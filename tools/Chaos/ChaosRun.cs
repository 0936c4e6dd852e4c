using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.Chaos.Checking;
using Grid.Chaos.Faults;
using Grid.Chaos.Processes;
using Grid.Chaos.Workload;
using Grid.Client;
using Grid.Client.Http;
using Grid.TestKit.Kafka;
using Grid.TestKit.PostgreSql;

namespace Grid.Chaos;

/// <summary>One seed: a whole grid in processes of its own, faults while events flow, and the check at the end.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private static readonly TimeSpan TakeInLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TakeInPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Small, since three silos run beside it.</summary>
    public static readonly string[] ServerSettings = ["shared_buffers=64MB", "deadlock_timeout=100ms", "max_wal_size=1GB"];

    private readonly ChaosOptions _options;
    private readonly PostgreSqlServer _server;
    private readonly string _folder;
    private readonly string _databaseName;
    private readonly List<SiloNode> _silos = [];
    private MockBrokerProcess? _brokers;

    private ChaosRun(ChaosOptions options, PostgreSqlServer server, string folder)
    {
        _options = options;
        _server = server;
        _folder = folder;
        _databaseName = $"chaos_{Environment.ProcessId}_{Path.GetFileName(folder).Replace('-', '_')}";
    }

    /// <summary>Runs one seed.</summary>
    /// <param name="options">The run.</param>
    /// <param name="server">A server; the run makes a database of its own, and may crash the server.</param>
    /// <param name="folder">A folder for logs and the silos' own files, made anew.</param>
    public static async Task<ChaosOutcome> RunAsync(ChaosOptions options, PostgreSqlServer server, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await using var run = new ChaosRun(options, server, folder);
        return await run.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(static s => s.DisposeAsync().AsTask()));
        if (_brokers is not null)
        {
            await _brokers.DisposeAsync();
        }

        await _server.DropDatabaseAsync(_databaseName);
    }

    private async Task<ChaosOutcome> RunAsync()
    {
        var watch = Stopwatch.StartNew();
        var faults = FaultPlan.Make(_options.Seed, _options.Form, _options.Silos, _options.Freeze);

        // 1. Everything up.
        await _server.CreateDatabaseAsync(_databaseName);
        _brokers = await MockBrokerProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, "MockBroker.dll"), "--topic", $"{ChaosViews.Topic}:{ChaosViews.Partitions}");
        await using var database = new GridDatabase($"{_server.ConnectionTo(_databaseName)};Pooling=false");
        await StartSilosAsync(database);

        // 2. Events flow, faults happen.
        var acknowledged = new ConcurrentQueue<PushedEvent>();
        var failures = new ConcurrentQueue<string>();
        var retries = await FlowAsync(faults, database, acknowledged, failures);

        // 3. All is well again, and must be right; once more after everything was killed.
        await Task.WhenAll(_silos.Select(static s => s.ReadyAsync()));
        var topic = await TopicReader.ReadAsync(_brokers.BootstrapServers);
        using var grid = new HttpGridClient(new GridClientOptions { Addresses = [.. _silos.Select(static s => s.Address)], RequestTimeout = TimeSpan.FromMinutes(1), MaxAttempts = 20, RetryMaxDelay = TimeSpan.FromSeconds(1) });
        var checker = new GridChecker(grid, database);
        var digests = await checker.CheckAsync(topic, acknowledged);
        if (checker.Failures.Count == 0)
        {
            await Task.WhenAll(_silos.Select(static s => s.KillAsync()));
            await StartAllAsync();
            await checker.CheckColdAsync(digests, topic);
        }

        string[] wrong = [.. failures, .. checker.Failures];
        await File.WriteAllLinesAsync(Path.Combine(_folder, "failures.txt"), wrong);
        var (epochs, snapshots) = await database.CountsAsync();
        return new ChaosOutcome
        {
            Options = _options,
            Failures = wrong,
            Faults = string.Join(' ', faults),
            Records = topic.Sum(static p => p.Length),
            Events = checker.Events,
            Pushed = acknowledged.Count,
            PushRetries = retries,
            SetAside = checker.SetAside,
            Entities = checker.Entities,
            Values = checker.Values,
            Epochs = epochs,
            Snapshots = snapshots,
            OwnEnds = _silos.Sum(static s => s.OwnEnds),
            Took = watch.Elapsed,
        };
    }

    private async Task StartSilosAsync(GridDatabase database)
    {
        var views = Path.Combine(_folder, "views.yaml");
        var source = Path.Combine(_folder, "source.yaml");
        await File.WriteAllTextAsync(views, ChaosViews.Yaml);

        // Marks are asked for only where events come twice: a frontier that lags sees to that at each crash.
        await File.WriteAllTextAsync(source, ChaosViews.SourceYaml(_brokers!.BootstrapServers, frontierSeconds: _options.Break == ChaosBreak.Marks ? 60 : 1));
        var ports = LoopbackPorts.Free(_options.Silos);
        for (var i = 0; i < _options.Silos; i++)
        {
            var address = $"http://127.0.0.1:{ports[i]}";
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "grid.dll"), "serve", "--state", Path.Combine(_folder, $"silo{i}"), "--address", address, "--views", views, "--source", source,
            ];
            _silos.Add(new SiloNode(i, address, arguments, SiloSettings.Of(_options, _server.ConnectionTo(_databaseName)), Path.Combine(_folder, $"silo{i}.log")));
        }

        // The first makes the tables, which the recorder needs before the first event.
        _silos[0].Start();
        await _silos[0].ReadyAsync();
        await database.RecordAsync();
        await StartAllAsync();
    }

    private async Task StartAllAsync()
    {
        foreach (var silo in _silos)
        {
            silo.Start();
        }

        await Task.WhenAll(_silos.Select(static s => s.ReadyAsync()));
    }

    /// <returns>Push requests that failed and were sent again.</returns>
    private async Task<int> FlowAsync(IReadOnlyList<Fault> faults, GridDatabase database, ConcurrentQueue<PushedEvent> acknowledged, ConcurrentQueue<string> failures)
    {
        var flow = new RecordFlow(_options.Seed, _options.Records);
        using var driver = new FaultDriver(_silos, _server, _brokers!);
        using var producer = new StreamProducer(_brokers!.BootstrapServers);
        using var ending = new CancellationTokenSource();
        PushClient[] clients = [.. Enumerable.Range(0, _options.PushClients).Select(n => new PushClient(_options.Seed, n, [.. _silos.Select(static s => s.Address)], acknowledged, failures))];
        var pushing = clients.Select(c => Task.Run(() => c.RunAsync(ending.Token))).ToArray();
        var underWay = new List<Task>();

        // A part of the stream before the first fault, one with each, and one after the last. A fault that hits silos that have nothing yet proves nothing:
        // the grid must have the parts before it, on a machine that is busy too, except where faults are to overlap.
        var parts = faults.Count + 2;
        await SendAsync(producer, flow, _options.Records / parts);
        await TakenInAsync(database, producer.Count);
        for (var part = 0; part < faults.Count; part++)
        {
            underWay.Add(driver.RunAsync(faults[part]));
            await SendAsync(producer, flow, _options.Records * (part + 2) / parts);
            if (faults[part].IsWaitedFor)
            {
                await Task.WhenAll(underWay);
                await TakenInAsync(database, producer.Count);
            }
        }

        await Task.WhenAll(underWay);
        await SendAsync(producer, flow, _options.Records);
        await producer.FlushAsync();
        await ending.CancelAsync();
        await Task.WhenAll(pushing);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        return clients.Sum(static c => c.Retries);
    }

    /// <summary>Waits until the frontiers cover most of what was sent. Where they do not come to, the check at the end says so.</summary>
    private static async Task TakenInAsync(GridDatabase database, int sent)
    {
        var deadline = DateTime.UtcNow + TakeInLimit;
        while ((await database.FrontiersAsync()).Values.Sum(static frontier => frontier + 1) < sent * 9 / 10 && DateTime.UtcNow < deadline)
        {
            await Task.Delay(TakeInPeriod);
        }
    }

    private async Task SendAsync(StreamProducer producer, RecordFlow flow, int upTo)
    {
        const int Burst = 20;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds((double)Burst / _options.RecordsPerSecond));
        while (producer.Count < upTo)
        {
            for (var i = 0; i < Burst && producer.Count < upTo; i++)
            {
                producer.Send(flow.Next()!);
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
