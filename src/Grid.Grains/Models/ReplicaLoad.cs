using Grid.Primitives;

namespace Grid.Grains.Models;

/// <summary>One try to load a version in this silo.</summary>
/// <param name="startedAt">Time stamp of its beginning.</param>
/// <param name="plan">The plan of replicas that was in force, by the number of its entry; 0 without one.</param>
internal sealed class ReplicaLoad(long startedAt, long plan)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long StartedAt => startedAt;

    /// <summary>A later plan that does not name this silo takes the replica away; this one knew of no request that would load it.</summary>
    public long Plan => plan;

    public Task Task => _done.Task;

    public void Completed() => _done.SetResult();

    public void Failed(GridException error)
    {
        _done.SetException(error);

        // Nobody may be waiting; the failure is reported and logged, not lost.
        _ = _done.Task.Exception;
    }
}
