using Grid.Samples.Flights;
using Grid.Silo.Hosting;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Oracle;

/// <summary>The whole path against the trainer: events in, features kept, vectors assembled, both models run.</summary>
public sealed class FlightsOracleTests
{
    [Fact]
    public async Task EveryGoldenRow_IsReproduced_FeaturesFloatForFloat_ProbabilitiesTo1e6()
    {
        using var folder = new TempFolder();
        var golden = GoldenRows.Load(Repository.MiniGolden);
        var check = new OracleCheck(golden);
        var data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
        await using var silo = await GridSilo.StartAsync(new GridSiloOptions
        {
            StateFolder = folder.Sub("state"),
            HttpAddress = "http://127.0.0.1:0",
            Models = Path.Combine(Repository.Flights, "models"),
            Views = [Path.Combine(Repository.Flights, "views")],
        });

        var driver = new FlightDriver(silo.Client(), data, new FlightDriverOptions { Versions = static _ => OracleCheck.BothVersions, WithFeatures = check.IsGolden });
        await Task.WhenAll(data.ReadFlights(Repository.MiniFlights)
            .GroupBy(flight => flight.Origin)
            .Select(async tenant =>
            {
                using var ledger = FlightLedger.InMemory();
                await driver.RunAsync(tenant.Key, [.. tenant], ledger, check, CancellationToken.None);
            }));

        Assert.Equal(2_070, golden.Count);
        Assert.Empty(check.Mismatches);
        Assert.Equal(golden.Count * 2, check.Checked);
        Assert.Equal(8_277 * 2, check.Events);
    }
}
