namespace Grid.Cluster.Tests.Crashes;

/// <summary>The digests of a run that nothing interrupts.</summary>
public sealed class UninterruptedRun : IAsyncLifetime
{
    public IReadOnlyDictionary<string, string> Digests { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        await using var run = new KilledRun(seed: 0, kills: 0, ignoreMarks: false);
        var outcome = await run.RunAsync();
        Assert.Equal(6, outcome.Digests.Count);
        Digests = outcome.Digests;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
