using Grid.Primitives;

namespace Grid.Grains.Models;

/// <summary>One try to load a version in this silo.</summary>
internal sealed class ReplicaLoad(long startedAt)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long StartedAt => startedAt;

    public Task Task => _done.Task;

    public void Completed() => _done.SetResult();

    public void Failed(GridException error)
    {
        _done.SetException(error);

        // Nobody may be waiting; the failure is reported and logged, not lost.
        _ = _done.Task.Exception;
    }
}
