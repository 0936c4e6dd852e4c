namespace Grid.Chaos.Tests;

/// <summary>The short form of <c>./chaos.sh</c>: a cluster of two, a killed silo and a paused database, everything compared to the bit.</summary>
public sealed class ShortRunTests(ChaosServer server) : IClassFixture<ChaosServer>
{
    private const int Records = 1_500;

    private const int Seed = 1;

    [Fact]
    public async Task GridUnderKillAndPause_HasEveryEventOnce()
    {
        var outcome = await RunAsync(ChaosBreak.None);
        Assert.True(outcome.Passed, $"seed {Seed}, {outcome.Faults}:\n{string.Join('\n', outcome.Failures)}");
        Assert.True(outcome.Values > Records, $"seed {Seed}: only {outcome.Values} values were compared");
    }

    /// <summary>The proof that the test above can fail.</summary>
    [Fact]
    public async Task SilosThatIgnoreTheirMarks_AreNoticed()
    {
        var outcome = await RunAsync(ChaosBreak.Marks);
        Assert.False(outcome.Passed);
    }

    private async Task<ChaosOutcome> RunAsync(ChaosBreak broken)
    {
        Assert.SkipWhen(server.Server is null, "No PostgreSQL server is installed.");
        var folder = Path.Combine(Path.GetTempPath(), $"grid-chaos-test-{Environment.ProcessId}", $"{Seed}-{broken}");
        var outcome = await ChaosRun.RunAsync(new ChaosOptions { Seed = Seed, Form = ChaosForm.Short, Silos = 2, Records = Records, Break = broken }, server.Server, folder);
        if (outcome.Passed || broken != ChaosBreak.None)
        {
            Directory.Delete(folder, recursive: true);
        }

        return outcome;
    }
}
