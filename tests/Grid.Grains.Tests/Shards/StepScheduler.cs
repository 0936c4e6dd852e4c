namespace Grid.Grains.Tests.Shards;

/// <summary>A scheduler that runs one thing at a time, in order, when it is told to: an actor's, by hand.</summary>
internal sealed class StepScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = new();

    /// <summary>Begins a call now, ahead of what waits; what it awaits continues here.</summary>
    public void Run(Func<Task> call)
    {
        // A context of the test runner's would take the continuations away.
        SynchronizationContext.SetSynchronizationContext(null);
        var task = new Task<Task>(call);
        task.RunSynchronously(this);
        if (task.Exception is { } error)
        {
            throw error;
        }
    }

    /// <summary>Runs the next thing that waits, if any.</summary>
    public void Step()
    {
        if (_tasks.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    protected override void QueueTask(Task task) => _tasks.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && TryExecuteTask(task);
}
