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
        Task first = null!, second = null!, third = null!, fourth = null!;
        await TurnAsync(() =>
        {
            first = joined.SaveAsync();
            second = joined.SaveAsync();
            third = joined.SaveAsync();
            Assert.Single(_saves);

            // It has ended, and the turn of the next has not come: who asks now must not begin another.
            _saves[0].SetResult();
            fourth = joined.SaveAsync();
            Assert.Single(_saves);
        });
        await first;
        await TurnAsync(() => Assert.Equal((2, 1), (_saves.Count, Open)));
        Assert.Same(second, third);
        Assert.Same(second, fourth);

        // One that fails is told to those who wait for it, and to nobody after.
        Task fifth = null!;
        await TurnAsync(() =>
        {
            fifth = joined.SaveAsync();
            _saves[1].SetException(new InvalidOperationException("full"));
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        await TurnAsync(() =>
        {
            Assert.Equal((3, 1), (_saves.Count, Open));
            _saves[2].SetResult();
        });
        await fifth;
        Assert.Equal(3, _saves.Count);
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
