using Grid.Grains.Signals;

namespace Grid.Grains.Tests.Monitoring;

public sealed class JoinedSaveTests
{
    /// <summary>As an actor's scheduler: one thing at a time, in order.</summary>
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    private readonly List<TaskCompletionSource> _saves = [];

    private int Open => _saves.Count(static save => !save.Task.IsCompleted);

    [Fact]
    public async Task SavesNeverOverlap_AndWhoAsksMeanwhileSharesTheNext()
    {
        var joined = new JoinedSave(SaveAsync);
        Task first = null!, second = null!, third = null!, fourth = null!, fifth = null!;
        await TurnAsync(() =>
        {
            first = joined.SaveAsync();
            second = joined.SaveAsync();
            third = joined.SaveAsync();
        });
        await TurnAsync(() =>
        {
            Assert.Single(_saves);

            // It has ended, and the turn of the next has not come: who asks now must not begin another.
            _saves[0].SetResult();
            fourth = joined.SaveAsync();
        });
        await first;
        await UntilAsync(2);
        Assert.Same(second, third);
        Assert.Same(second, fourth);

        // One that fails is told to those who wait for it, and to nobody after.
        await TurnAsync(() =>
        {
            fifth = joined.SaveAsync();
            _saves[1].SetException(new InvalidOperationException("full"));
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        await UntilAsync(3);
        await TurnAsync(() => _saves[2].SetResult());
        await fifth;
        Assert.Equal(3, _saves.Count);
    }

    [Fact]
    public async Task ASaveThatAsksForOne_IsFollowedByIt()
    {
        JoinedSave joined = null!;
        var saves = 0;
        joined = new JoinedSave(() =>
        {
            if (++saves == 1)
            {
                _ = joined.SaveAsync();
                _ = joined.SaveAsync();
            }

            return Task.CompletedTask;
        });
        Task first = null!, last = null!;
        await TurnAsync(() => first = joined.SaveAsync());
        await first;
        await TurnAsync(() => last = joined.SaveAsync());
        await last;
        Assert.InRange(saves, 2, 3);
    }

    /// <summary>So many have begun, and one of them is open.</summary>
    private async Task UntilAsync(int saves)
    {
        while (await Task.Factory.StartNew(() => _saves.Count, TestContext.Current.CancellationToken, TaskCreationOptions.None, _turns) < saves)
        {
            await Task.Yield();
        }

        Assert.Equal(1, Open);
    }

    private Task SaveAsync()
    {
        Assert.Equal(0, Open);
        var save = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _saves.Add(save);
        return save.Task;
    }

    private Task TurnAsync(Action turn) => Task.Factory.StartNew(turn, TestContext.Current.CancellationToken, TaskCreationOptions.None, _turns);
}
