using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Tests.Support;

namespace Grid.Inference.Tests;

public sealed class StuckRunTests
{
    private static readonly byte[] Identity = OnnxBuilder.Identity(OnnxBuilder.Float, null, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task RunsThatDoNotReturn_ShowTheirAge_AndThatNoWorkerCameFree()
    {
        using var began = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        await using var test = new TestHost(
            new FaultPoints
            {
                BeforeRun = (_, _) =>
                {
                    began.Release();
                    release.Wait();
                },
            },
            new ModelHostOptions { WorkerThreads = 2 });
        var manifest = new ModelManifest { Limits = new() { Inline = InlineMode.Never } };
        using var first = await test.LoadAsync("a", Identity, manifest);
        using var second = await test.LoadAsync("b", Identity, manifest);
        using var onFirst = new Requests(first);
        using var onSecond = new Requests(second);
        Assert.Equal((2, 0, TimeSpan.Zero, TimeSpan.Zero), Signs(test.Host));

        onFirst.Post("t");
        Assert.True(await began.WaitAsync(Patience, TestContext.Current.CancellationToken));
        test.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((2, 1, TimeSpan.FromMinutes(3), TimeSpan.Zero), Signs(test.Host));

        onSecond.Post("t");
        Assert.True(await began.WaitAsync(Patience, TestContext.Current.CancellationToken));
        test.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 2, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(1)), Signs(test.Host));

        release.Set();
        Assert.True((await onFirst[0]).IsOk);
        Assert.True((await onSecond[0]).IsOk);
        await test.Host.StopAsync(CancellationToken.None).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((2, 0, TimeSpan.Zero, TimeSpan.Zero), Signs(test.Host));
    }

    private static (int Workers, int Busy, TimeSpan Oldest, TimeSpan AllBusyFor) Signs(ModelHost host) => (host.Workers, host.BusyWorkers, host.OldestRun, host.AllWorkersBusyFor);
}
