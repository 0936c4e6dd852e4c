using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>What a worker takes from a replica's queue at once. Each worker reuses its own.</summary>
internal sealed class TakenBatch
{
    public LoadedModel Model { get; private set; } = null!;

    public List<BatchSlice> Slices { get; } = [];

    /// <summary>Requests that were found expired or cancelled; they are told so outside the lock.</summary>
    public List<(PendingRun Run, GridError Error)> Dropped { get; } = [];

    public int Rows { get; private set; }

    public void Reset(LoadedModel model)
    {
        Model = model;
        Slices.Clear();
        Dropped.Clear();
        Rows = 0;
    }

    public void Add(PendingRun run, int rows)
    {
        Slices.Add(new BatchSlice(run, run.Taken, rows));
        Rows += rows;
    }
}
