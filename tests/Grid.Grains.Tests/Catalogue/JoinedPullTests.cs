using Grid.Grains.Catalogue;

namespace Grid.Grains.Tests.Catalogue;

/// <summary>Those who ask at the same time share an answer, which is never older than their question.</summary>
public sealed class JoinedPullTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThoseWhoAskWhileOneIsUnderWay_ShareTheNext()
    {
        var asked = 0;
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pull = new JoinedPull<int>(async () =>
        {
            var number = Interlocked.Increment(ref asked);
            began.TrySetResult();
            await mayEnd.Task;
            return number;
        });

        var first = pull.AskAsync(Token);
        await began.Task.WaitAsync(Token);
        Task<int>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => pull.AskAsync(Token))];
        mayEnd.SetResult();

        // The one under way was asked before they came: it may not know what they want to know.
        Assert.Equal(1, await first);
        Assert.All(await Task.WhenAll(waiting), static number => Assert.Equal(2, number));
        Assert.Equal(3, await pull.AskAsync(Token));
    }

    [Fact]
    public async Task Failure_IsToldToThoseWhoSharedIt_AndTheNextIsAskedAnew()
    {
        var asked = 0;
        var pull = new JoinedPull<int>(() => Interlocked.Increment(ref asked) == 1 ? Task.FromException<int>(new InvalidOperationException("away")) : Task.FromResult(asked));

        await Assert.ThrowsAsync<InvalidOperationException>(() => pull.AskAsync(Token));
        Assert.Equal(2, await pull.AskAsync(Token));
    }

    [Fact]
    public async Task CallerThatGivesUp_LeavesTheOthersTheirAnswer()
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pull = new JoinedPull<int>(async () =>
        {
            await mayEnd.Task;
            return 1;
        });
        using var gone = new CancellationTokenSource();
        var left = pull.AskAsync(gone.Token);
        var stays = pull.AskAsync(Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        mayEnd.SetResult();
        Assert.Equal(1, await stays);
    }
}
