using Grid.Inference.Hosting;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Rows;

/// <summary>The row path of one loaded model: its layout, what its batches cost, and the pools of bound memory. Thread-safe.</summary>
internal sealed class RowEngine
{
    private readonly LoadedModel _model;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly BoundedPool<BoundBatch>[] _batches;
    private readonly BoundedPool<RowBuffer>[] _buffers;

    public RowEngine(LoadedModel model, InferenceSession session, RunOptions runOptions, RowLayout layout, double[] nanoseconds)
    {
        // No more can be in use at once for long than the workers and the callers of all cores hold.
        var kept = 4 * Environment.ProcessorCount;
        _model = model;
        _session = session;
        _runOptions = runOptions;
        Layout = layout;
        Plan = new BatchPlan(layout.Buckets, nanoseconds);
        _batches = [.. layout.Buckets.Select(_ => new BoundedPool<BoundBatch>(kept, static b => b.Dispose()))];
        _buffers = [.. layout.Buckets.Select(_ => new BoundedPool<RowBuffer>(kept, static b => b.Destroy()))];
    }

    public RowLayout Layout { get; }

    public BatchPlan Plan { get; }

    public BoundBatch RentBatch(int bucket) => _batches[bucket].TryRent() ?? new BoundBatch(_session, _runOptions, Layout, Layout.Buckets[bucket]);

    public void ReturnBatch(int bucket, BoundBatch batch) => _batches[bucket].Return(batch);

    public RowBuffer RentBuffer(int rows)
    {
        RowBuffer buffer;
        if (rows > Layout.MaxBatch)
        {
            buffer = new RowBuffer(_model, new RowBlock(Layout, rows), -1);
        }
        else
        {
            var bucket = Layout.BucketFor(rows);
            buffer = _buffers[bucket].TryRent() ?? new RowBuffer(_model, new BoundBatch(_session, _runOptions, Layout, Layout.Buckets[bucket]), bucket);
        }

        buffer.Begin(rows);
        return buffer;
    }

    public void ReturnBuffer(int bucket, RowBuffer buffer)
    {
        if (bucket >= 0)
        {
            _buffers[bucket].Return(buffer);
        }
    }

    /// <summary>Runs rows of a block in place, in the steps of the plan.</summary>
    /// <exception cref="OnnxRuntimeException">The model failed.</exception>
    public void Run(RowBlock block, int rows)
    {
        for (var start = 0; start < rows;)
        {
            var bucket = Plan.First(Math.Min(rows - start, Layout.MaxBatch));
            var count = Math.Min(Layout.Buckets[bucket], rows - start);
            if (start == 0 && block is BoundBatch own && own.Capacity == Layout.Buckets[bucket])
            {
                own.Run();
            }
            else
            {
                RunThrough(block, start, count, bucket);
            }

            start += count;
        }
    }

    /// <summary>Frees all bound memory; nothing may be in use.</summary>
    public void Close()
    {
        foreach (var pool in _buffers)
        {
            pool.Close();
        }

        foreach (var pool in _batches)
        {
            pool.Close();
        }
    }

    private void RunThrough(RowBlock block, int start, int count, int bucket)
    {
        var batch = RentBatch(bucket);
        try
        {
            batch.CopyInputs(block, start, 0, count);
            batch.ClearFrom(count);
            batch.Run();
            block.CopyOutputs(batch, 0, start, count);
        }
        finally
        {
            ReturnBatch(bucket, batch);
        }
    }
}
