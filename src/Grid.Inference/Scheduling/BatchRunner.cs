using System.Diagnostics;
using Grid.Inference.Rows;
using Grid.Inference.Tensors;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>Runs what a worker has taken: rows of several requests are copied into bound batches, run, and copied back.</summary>
internal static class BatchRunner
{
    public static void Run(TakenBatch batch)
    {
        var model = batch.Model;
        foreach (var (run, error) in batch.Dropped)
        {
            model.Instruments.Refused(model, error.Code == GridErrorCode.Cancelled ? "cancelled" : "expired");
            run.Abandon(error);
        }

        if (batch.Slices.Count == 0)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        GridError? failure = null;
        try
        {
            model.Faults?.BeforeRun?.Invoke(model.Key, batch.Rows);
            Execute(batch);
        }
        catch (GridException exception)
        {
            failure = exception.Error;
        }
#pragma warning disable CA1031 // A worker outlives whatever a model throws, and every caller of the batch is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = RunErrors.Failed(model.Name, exception);
        }

        model.OnRan(batch.Rows, Stopwatch.GetElapsedTime(start), isInline: false, failure is not null);
        foreach (var slice in batch.Slices)
        {
            var queueTime = model.Time.GetElapsedTime(slice.Run.EnqueuedAt, slice.Run.StartedAt);
            model.Instruments.Queued(model, queueTime);
            slice.Run.Finish(slice.Rows, batch.Rows, failure, queueTime);
        }
    }

    private static void Execute(TakenBatch batch)
    {
        var first = batch.Slices[0];
        if (first.Run is TensorRun tensors)
        {
            tensors.Execute();
            return;
        }

        if (batch.Slices.Count == 1 && first.Rows == first.Run.Rows)
        {
            batch.Model.RunRows(((RowRun)first.Run).Block, first.Rows);
            return;
        }

        var rows = batch.Model.Rows!;
        for (var at = 0; at < batch.Rows;)
        {
            var bucket = rows.Plan.First(batch.Rows - at);
            var count = Math.Min(rows.Layout.Buckets[bucket], batch.Rows - at);
            var bound = rows.RentBatch(bucket);
            try
            {
                Copy(batch.Slices, at, count, bound, intoBatch: true);
                bound.ClearFrom(count);
                bound.Run();
                Copy(batch.Slices, at, count, bound, intoBatch: false);
            }
            finally
            {
                rows.ReturnBatch(bucket, bound);
            }

            at += count;
        }
    }

    /// <summary>Copies rows <paramref name="at"/> and following of the slices, laid end to end, into the bound batch or back.</summary>
    private static void Copy(List<BatchSlice> slices, int at, int count, BoundBatch bound, bool intoBatch)
    {
        var position = 0;
        foreach (var slice in slices)
        {
            var from = Math.Max(at, position);
            var rows = Math.Min(at + count, position + slice.Rows) - from;
            if (rows > 0)
            {
                var block = ((RowRun)slice.Run).Block;
                var start = slice.Start + from - position;
                if (intoBatch)
                {
                    bound.CopyInputs(block, start, from - at, rows);
                }
                else
                {
                    block.CopyOutputs(bound, from - at, start, rows);
                }
            }

            position += slice.Rows;
        }
    }
}
