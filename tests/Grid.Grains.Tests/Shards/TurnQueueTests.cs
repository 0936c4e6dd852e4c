using CsCheck;
using Grid.Grains.Shards;

namespace Grid.Grains.Tests.Shards;

/// <summary>Turns under a seeded interleaving, on one scheduler as in an actor.</summary>
public sealed class TurnQueueTests
{
    [Fact]
    public void Turns_AreFirstInFirstOut_OneAtATime_WhateverIsBetween() => Gen.Int[0, 2].Array[1, 80].Sample(static steps =>
    {
        var queue = new TurnQueue(maxWaiting: 1000);
        var scheduler = new StepScheduler();
        var entered = new List<int>();
        var inside = new Queue<TaskCompletionSource>();
        var arrivals = 0;
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0:
                    // A newcomer; it runs at once up to its first wait, as a call does.
                    scheduler.Run(() => ChangeAsync(arrivals++));
                    break;
                case 1 when inside.Count > 0:
                    // The turn ends: the next one is told, and does not run before the scheduler comes to it.
                    scheduler.Run(() => Task.FromResult(inside.Dequeue().TrySetResult()));
                    break;
                default:
                    scheduler.Step();
                    break;
            }

            Assert.InRange(inside.Count, 0, 1);
        }

        while (entered.Count < arrivals || inside.Count > 0)
        {
            if (inside.TryDequeue(out var ending))
            {
                ending.TrySetResult();
            }

            scheduler.Step();
        }

        Assert.Equal(Enumerable.Range(0, arrivals), entered);
        Assert.Equal(0, queue.Waiting);

        async Task ChangeAsync(int number)
        {
            using var turn = await queue.EnterAsync();
            entered.Add(number);
            var end = new TaskCompletionSource();
            inside.Enqueue(end);
            await end.Task;
        }
    }, iter: 500);

    [Fact]
    public async Task ANewcomer_CannotOvertakeTheOneWhoseTurnItIs()
    {
        var queue = new TurnQueue(maxWaiting: 2);
        var first = await queue.EnterAsync();
        var second = queue.EnterAsync().AsTask();
        first.Dispose();

        // Told, and perhaps not yet running: the turn is the second one's all the same.
        var third = queue.EnterAsync().AsTask();
        Assert.False(third.IsCompleted);
        (await second).Dispose();
        (await third).Dispose();
        Assert.True(queue.EnterAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AQueueAtItsLimit_SaysSo()
    {
        var queue = new TurnQueue(maxWaiting: 1);
        var first = await queue.EnterAsync();
        Assert.False(queue.IsFull);
        var second = queue.EnterAsync().AsTask();
        Assert.True(queue.IsFull);
        first.Dispose();
        (await second).Dispose();
        Assert.False(queue.IsFull);
    }
}
