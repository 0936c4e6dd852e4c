using System.Diagnostics;
using System.Globalization;
using Grid.Samples.Flights;
using Grid.Silo.Hosting;
using Grid.TestKit;

// 1. What to run.
var months = Option("--months") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
using var temp = new TempFolder();
var folder = Path.Combine(Repository.Root, "bench", "data", "flights2001");
var golden = GoldenRows.Load(Path.Combine(folder, "golden.csv.gz"));
var check = new OracleCheck(golden);
var data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
var flights = Enumerable.Range(1, months)
    .SelectMany(month => data.ReadFlights(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"flights-2001-{month:00}.csv.gz"))))
    .GroupBy(flight => flight.Origin)
    .Select(tenant => (Tenant: tenant.Key, Flights: tenant.ToArray()))
    .OrderByDescending(tenant => tenant.Flights.Length)
    .ToArray();
var expected = flights.Sum(tenant => tenant.Flights.Count(check.IsGolden));
var total = flights.Sum(tenant => (long)tenant.Flights.Length) * 2;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{flights.Length} tenants, {total:N0} events, {expected:N0} golden rows"));

// 2. Run: within a tenant everything in turn, tenants side by side.
await using var silo = await GridSilo.StartAsync(new GridSiloOptions
{
    StateFolder = Option("--state") ?? temp.Sub("state"),
    HttpAddress = "http://127.0.0.1:0",
    Models = Path.Combine(Repository.Flights, "models"),
    Views = [Path.Combine(Repository.Flights, "views")],
});
string?[] live = ["1"];
var driver = new FlightDriver(silo.Client(), data, new FlightDriverOptions
{
    Versions = flight => check.IsGolden(flight) ? OracleCheck.BothVersions : live,
    WithFeatures = check.IsGolden,
    ReportOutcomes = false,
});
var cpu = Process.GetCurrentProcess().TotalProcessorTime;
var started = Stopwatch.GetTimestamp();
var running = Task.WhenAll(flights.Select(tenant => Task.Run(async () =>
{
    using var ledger = FlightLedger.InMemory();
    await driver.RunAsync(tenant.Tenant, tenant.Flights, ledger, check, CancellationToken.None);
})));
while (await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(10))) != running)
{
    Report();
}

await running;
Report();
cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU {cpu.TotalMicroseconds / (check.Events + check.Predictions):N1} µs per event or prediction, driver included"));

// 3. The verdict.
foreach (var mismatch in check.Mismatches.Take(20))
{
    Console.WriteLine(mismatch);
}

var complete = check.Checked == expected * 2 && check.Events == total;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{check.Mismatches.Count} mismatches in {check.Checked / 2:N0} of {expected:N0} golden rows: {(complete && check.Mismatches.Count == 0 ? "OK" : "FAILED")}"));
return complete && check.Mismatches.Count == 0 ? 0 : 1;

void Report()
{
    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(double)check.Events / total:P0}  {check.Events / seconds:N0} events/s  {check.Predictions / seconds:N0} predictions/s  {check.Mismatches.Count} mismatches"));
}

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
