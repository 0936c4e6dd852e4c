using Grid.Samples.Flights;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Crashes;

/// <summary>SIGKILL at seeded moments of the stream, in processes of their own; the reader goes on from what was acknowledged.</summary>
public sealed class KillNineTests(UninterruptedRun reference) : IClassFixture<UninterruptedRun>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RecordsAfterKills_EqualARunWithoutKills_ToTheBit(int seed)
    {
        await using var run = new KilledRun(seed, kills: 4, ignoreMarks: false);
        var outcome = await run.RunAsync();

        Assert.True(outcome.Kills == 4, $"seed {seed}: {outcome.Kills} kills of 4 hit the stream");
        Assert.True(outcome.Predictions > 1_000, $"seed {seed}: only {outcome.Predictions} predictions were answered");
        Assert.Equal(reference.Digests, outcome.Digests);
    }

    /// <summary>The proof that the test above can fail: the same run with marks that are not obeyed.</summary>
    [Fact]
    public async Task WithBrokenMarks_RecordsDiffer()
    {
        await using var run = new KilledRun(seed: 1, kills: 4, ignoreMarks: true);
        var outcome = await run.RunAsync();

        Assert.NotEqual(reference.Digests, outcome.Digests);
    }
}
