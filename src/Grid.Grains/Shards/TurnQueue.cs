namespace Grid.Grains.Shards;

/// <summary>
/// One change at a time, first in, first out. Not thread-safe: every caller is on the shard's own scheduler, which runs one at a time;
/// what this adds is that a change which awaits is not overtaken by another.
/// </summary>
internal sealed class TurnQueue(int maxWaiting)
{
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _busy;

    public int Waiting => _waiting.Count;

    public bool IsFull => _waiting.Count >= maxWaiting;

    /// <summary>Waits for the turn; dispose the result to end it.</summary>
    public async ValueTask<Turn> EnterAsync()
    {
        if (_busy)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            await turn.Task;
        }

        _busy = true;
        return new Turn(this);
    }

    private void Leave()
    {
        // The turn passes on without becoming free in between, so that a newcomer cannot slip in.
        if (_waiting.TryDequeue(out var next))
        {
            next.SetResult();
        }
        else
        {
            _busy = false;
        }
    }

    public readonly struct Turn(TurnQueue queue) : IDisposable
    {
        public void Dispose() => queue.Leave();
    }
}
