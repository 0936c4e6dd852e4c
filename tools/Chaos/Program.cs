using System.CommandLine;
using Grid.Chaos;
using Grid.TestKit.PostgreSql;

var seed = new Option<int?>("--seed") { Description = "One seed only, to see a run again." };
var form = new Option<ChaosForm>("--form") { Description = "The faults of that one seed: kills, freezes or short.", DefaultValueFactory = _ => ChaosForm.Kills };
var kills = new Option<int>("--kills") { Description = "Seeds with kills.", DefaultValueFactory = _ => 4 };
var freezes = new Option<int>("--freezes") { Description = "Seeds with freezes.", DefaultValueFactory = _ => 2 };
var first = new Option<int>("--first") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
var silos = new Option<int>("--silos") { Description = "Silos of the cluster.", DefaultValueFactory = _ => 3 };
var records = new Option<int>("--records") { Description = "Records of the stream, at most 50000.", DefaultValueFactory = _ => 6_000 };
var breaks = new Option<ChaosBreak>("--break") { Description = "Breaks a promise on purpose: fencing, marks or gaps." };
var prove = new Option<bool>("--prove") { Description = "Breaks each promise in turn, and passes where the checker notices." };
var logs = new Option<string>("--logs") { Description = "Folder for the logs of the silos.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), $"grid-chaos-{Environment.ProcessId}") };
var command = new RootCommand("Runs a whole grid under seeded kills, freezes and outages, and checks every event, feature and dead letter at the end.") { seed, form, kills, freezes, first, silos, records, breaks, prove, logs };
command.SetAction(async (parsed, _) =>
{
    if (PostgreSqlServer.FindPrograms() is not { } programs)
    {
        Console.Error.WriteLine("No PostgreSQL server is installed: install Debian's package postgresql, or put initdb and postgres into the PATH.");
        return 2;
    }

    ChaosOptions Options(int number, ChaosForm of, ChaosBreak what) => new() { Seed = number, Form = of, Silos = parsed.GetValue(silos), Records = parsed.GetValue(records), Break = what };
    var from = parsed.GetValue(first);
    List<ChaosOptions> runs = parsed.GetValue(prove) ? [.. Proof.Runs(from).Select(r => Options(r.Seed, r.Form, r.Break))]
        : parsed.GetValue(seed) is { } only ? [Options(only, parsed.GetValue(form), parsed.GetValue(breaks))]
        : [
            .. Enumerable.Range(from, parsed.GetValue(kills)).Select(s => Options(s, ChaosForm.Kills, parsed.GetValue(breaks))),
            .. Enumerable.Range(from, parsed.GetValue(freezes)).Select(s => Options(s, ChaosForm.Freezes, parsed.GetValue(breaks))),
        ];
    await using var server = await PostgreSqlServer.CreateAsync(programs, ChaosRun.ServerSettings);
    var outcomes = new List<ChaosOutcome>();
    Console.WriteLine($"Logs of the silos: {parsed.GetValue(logs)}");
    Console.WriteLine(OutcomeTable.Header);
    foreach (var options in runs)
    {
        var outcome = await RunAsync(options, Path.Combine(parsed.GetValue(logs)!, $"{options.Form}-{options.Seed}-{options.Break}".ToLowerInvariant()));
        outcomes.Add(outcome);
        Console.WriteLine(OutcomeTable.Line(outcome));
        foreach (var failure in OutcomeTable.FailuresOf(outcome))
        {
            Console.WriteLine(failure);
        }
    }

    // A run that comes to no end has failed, and the next one can still tell something.
    async Task<ChaosOutcome> RunAsync(ChaosOptions options, string folder)
    {
        try
        {
            return await ChaosRun.RunAsync(options, server, folder);
        }
        catch (Exception e)
        {
            return new ChaosOutcome { Options = options, Failures = [$"the run could not be finished: {e}"], IsFinished = false, Faults = "", Took = TimeSpan.Zero };
        }
    }

    if (parsed.GetValue(prove))
    {
        return Proof.Tell(outcomes);
    }

    var passed = outcomes.Count(static o => o.Passed);
    Console.WriteLine($"{passed} seeds passed, {outcomes.Count - passed} failed");
    return passed == outcomes.Count ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
