using System.CommandLine;
using System.Text.Json;
using Grid.Bench.Ingestion;
using Grid.Bench.Measuring;
using Grid.Bench.Moving;
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

// Roles of processes that the benchmarks start.
var bootstrap = new Option<string>("--bootstrap") { Required = true };
var redis = new Option<int?>("--redis");
var isChecked = new Option<bool>("--checked");
var consume = new Command("consume") { bootstrap, redis, isChecked };
consume.Hidden = true;
consume.SetAction((parsed, _) => BareConsumer.RunAsync(parsed.GetValue(bootstrap)!, parsed.GetValue(redis), parsed.GetValue(isChecked)));

json.Recursive = true;
smoke.Recursive = true;
var root = new RootCommand("Benchmarks against the plain alternative, both in one interleaved run.") { json, smoke, ingest, freshness, writes, moves, consume };
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
