using System.CommandLine;
using System.Text.Json;
using Grid.Bench.Entering;
using Grid.Bench.Healing;
using Grid.Bench.Ingestion;
using Grid.Bench.Measuring;
using Grid.Bench.Moving;
using Grid.Bench.Scheduling;
using Grid.Bench.Writing;

var json = new Option<FileInfo?>("--json") { Description = "Also write the figures as JSON." };
var smoke = new Option<bool>("--smoke") { Description = "Tiny counts: shows that it runs, measures nothing." };
var stores = new Option<string[]>("--store") { Description = "sqlite or postgresql; may be repeated. Default both." };
var tenants = new Option<int[]>("--tenants") { Description = "Numbers of tenants; may be repeated. Default 1, 229, 10000." };
var rounds = new Option<int?>("--rounds") { Description = "Measured rounds." };
var events = new Option<int?>("--events") { Description = "Events of a round." };

var ingest = new Command("ingest", "Kafka to durable state, against a bare loop into a dictionary and into Redis.") { stores, tenants, rounds, events };
ingest.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? IngestSettings.Smoke : IngestSettings.Full;
    return IngestBenchmark.RunAsync(
        settings with
        {
            Stores = parsed.GetValue(stores) is { Length: > 0 } s ? s : settings.Stores,
            Tenants = parsed.GetValue(tenants) is { Length: > 0 } t ? t : settings.Tenants,
            Rounds = parsed.GetValue(rounds) ?? settings.Rounds,
            Events = parsed.GetValue(events) ?? settings.Events,
        },
        Console.Error.WriteLine);
}));

var fetchWait = new Option<int?>("--fetch-wait-ms") { Description = "How long the brokers may hold a fetch that finds nothing. Default: 20 ms, as Grid's readers ask for." };
var freshness = new Command("freshness", "From produce to visible in a read, at half load.") { stores, fetchWait };
freshness.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? FreshnessSettings.Smoke : FreshnessSettings.Full;
    return FreshnessBenchmark.RunAsync(
        settings with { Stores = parsed.GetValue(stores) is { Length: > 0 } s ? s : settings.Stores, FetchWaitMs = parsed.GetValue(fetchWait) },
        Console.Error.WriteLine);
}));

var sizes = new Option<int[]>("--megabytes") { Description = "Sizes of the shard, in MiB; may be repeated. Default 1, 10, 100." };
var moved = new Option<int?>("--moves") { Description = "Measured moves of each size." };
var moves = new Command("moves", "How long callers wait when a shard moves to another silo.") { sizes, moved };
moves.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? MoveSettings.Smoke : MoveSettings.Full;
    return MoveBenchmark.RunAsync(
        settings with { MegaBytes = parsed.GetValue(sizes) is { Length: > 0 } s ? s : settings.MegaBytes, Moves = parsed.GetValue(moved) ?? settings.Moves },
        Console.Error.WriteLine);
}));

var writes = new Command("writes", "Durable writes into PostgreSQL: group commit against Orleans' persistence, with the same bytes.") { rounds };
writes.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? WriteSettings.Smoke : WriteSettings.Full;
    return WriteBenchmark.RunAsync(settings with { Rounds = parsed.GetValue(rounds) ?? settings.Rounds }, Console.Error.WriteLine);
}));

var silos = new Option<int[]>("--silos") { Description = "Numbers of silos; may be repeated. Default 1, 2, 4. The first is what the others are compared with." };
var deviceMs = new Option<double?>("--device-ms") { Description = "Time of a run on a silo's device. Default 5." };
var seconds = new Option<double?>("--seconds") { Description = "Length of each measurement. Default 6." };
var scheduling = new Command("scheduling", "Throughput and latency of several silos with devices of fixed time.") { silos, deviceMs, seconds, rounds };
scheduling.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? SchedulingSettings.Smoke : SchedulingSettings.Full;
    return SchedulingBenchmark.RunAsync(
        settings with
        {
            Silos = parsed.GetValue(silos) is { Length: > 0 } s ? s : settings.Silos,
            DeviceMs = parsed.GetValue(deviceMs) ?? settings.DeviceMs,
            Seconds = parsed.GetValue(seconds) ?? settings.Seconds,
            Rounds = parsed.GetValue(rounds) ?? settings.Rounds,
        },
        Console.Error.WriteLine);
}));

var faults = new Option<HealingFault[]>("--fault") { Description = "kill, freeze or drain; may be repeated. Default all." };
var shards = new Option<int?>("--shards") { Description = "Live shards." };
var rate = new Option<double?>("--rate") { Description = "Predictions a second. Default 150." };
var healing = new Command("healing", "What callers notice when a silo is killed, frozen or asked to end.") { faults, shards, rate };
healing.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? HealingSettings.Smoke : HealingSettings.Full;
    return HealingBenchmark.RunAsync(
        settings with
        {
            Faults = parsed.GetValue(faults) is { Length: > 0 } f ? f : settings.Faults,
            Shards = parsed.GetValue(shards) ?? settings.Shards,
            PredictionsPerSecond = parsed.GetValue(rate) ?? settings.PredictionsPerSecond,
        },
        Console.Error.WriteLine);
}));

var remote = new Command("remote", "Entry at the owner's door against entry at another silo, and what placement and balancing take.") { shards, rounds };
remote.SetAction((parsed, _) => RunAsync(parsed, () =>
{
    var settings = parsed.GetValue(smoke) ? EnteringSettings.Smoke : EnteringSettings.Full;
    return EnteringBenchmark.RunAsync(
        settings with { Shards = parsed.GetValue(shards) ?? settings.Shards, Rounds = parsed.GetValue(rounds) ?? settings.Rounds },
        Console.Error.WriteLine);
}));

// Roles of processes that the benchmarks start.
var bootstrap = new Option<string>("--bootstrap") { Required = true };
var redis = new Option<int?>("--redis");
var isChecked = new Option<bool>("--checked");
var consume = new Command("consume") { bootstrap, redis, isChecked };
consume.Hidden = true;
consume.SetAction((parsed, _) => BareConsumer.RunAsync(parsed.GetValue(bootstrap)!, parsed.GetValue(redis), parsed.GetValue(isChecked)));

var state = new Option<string>("--state") { Required = true };
var address = new Option<string>("--address") { Required = true };
var deviceSilo = new Command(DeviceSilo.Command) { state, address, deviceMs };
deviceSilo.Hidden = true;
deviceSilo.SetAction(async (parsed, token) =>
{
    await DeviceSilo.RunAsync(parsed.GetValue(state)!, parsed.GetValue(address)!, parsed.GetValue(deviceMs) ?? SchedulingSettings.Full.DeviceMs, token);
    return 0;
});

json.Recursive = true;
smoke.Recursive = true;
var root = new RootCommand("Benchmarks against the plain alternative, both in one interleaved run.") { json, smoke, ingest, freshness, writes, moves, scheduling, healing, remote, consume, deviceSilo };
return await root.Parse(args).InvokeAsync();

async Task<int> RunAsync(ParseResult parsed, Func<Task<BenchReport>> run)
{
    var report = await run();
    report.WriteText(Console.Out);
    if (parsed.GetValue(json) is { } file)
    {
        await using var stream = file.Create();
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        report.WriteJson(writer);
    }

    return 0;
}
