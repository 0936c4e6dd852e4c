using System.Text.Json;
using Grid.Client;
using Grid.Silo.Tests.Support;
using Grid.TestKit;

namespace Grid.Silo.Tests;

/// <summary>The <c>grid outcomes</c> command against a silo.</summary>
public sealed class OutcomeCommandTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Push_TakesLinesOfBothForms_AndNamesThoseItDoesNot()
    {
        using var folder = new TempFolder();
        var answer = await silo.Sdk.PredictAsync(Flights.Model, "push", "BOS", Flights.Values, Flights.AsOf, new PredictOptions(), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(
            folder.Sub("truth.jsonl"),
            [
                $$"""{"prediction_id":"{{answer.Id}}","model":"{{Flights.Model}}","value":1}""",
                "",
                $$"""{"model":"{{Flights.Model}}","entity":"LAX","time":"2001-01-10T12:00:00Z","value":0}""",
                """{"model":"m"}""",
                $$"""{"prediction_id":"{{answer.Id}}","model":"{{Flights.Model}}","value":0}""",
            ],
            TestContext.Current.CancellationToken);

        var (code, text, error) = await GridCommandLine.RunAsync(silo.Address, "outcomes", "push", "--tenant", "push", "--file", folder.Sub("truth.jsonl"));
        Assert.Equal(1, code);
        Assert.Contains("line 4: refused: outcome", error, StringComparison.Ordinal);
        Assert.Contains("corrected  1", text, StringComparison.Ordinal);

        (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "outcomes", "push", "--tenant", "push", "--file", folder.Sub("truth.jsonl"), "--json");
        Assert.Equal(1, code);
        using var report = JsonDocument.Parse(text);
        Assert.Equal("""{"corrected":2,"duplicate":1,"refused":1}""", report.RootElement.GetProperty("verdicts").GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
    }
}
