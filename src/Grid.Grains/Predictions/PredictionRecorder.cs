using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Shards;
using Grid.Inference.Rows;
using Grid.Primitives;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>
/// Hands answered predictions to this silo's log. Copies what the log needs and never waits, fails or holds up an answer; what has no room in the log's
/// buffer is counted there as a gap. Thread-safe.
/// </summary>
internal sealed class PredictionRecorder : IAsyncDisposable
{
    private readonly TimeProvider _time;

    /// <summary>By reference, and gone with the vector: a layout is made once for each version and generation of the views.</summary>
    private readonly ConditionalWeakTable<BoundVector, RecordedVector> _vectors = [];

    /// <exception cref="GridException">The log's folder cannot be used.</exception>
    public PredictionRecorder(IOptions<GridGrainsOptions> options, TimeProvider time)
    {
        _time = time;
        Log = options.Value.PredictionLog is { } log ? PredictionLog.Open(log, time) : null;
    }

    /// <summary>The log, or null where this silo keeps none.</summary>
    public PredictionLog? Log { get; }

    /// <param name="version">The version that answered.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="vector">What the version asked for.</param>
    /// <param name="buffer">The vector that it ran on.</param>
    /// <param name="row">Its row.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    public void Answered(VersionKey version, ShardKey shard, BoundVector vector, RowBuffer buffer, int row, Prediction answer, long taken)
    {
        if (Log is not { } log)
        {
            return;
        }

        if (!_vectors.TryGetValue(vector, out var recorded))
        {
            recorded = _vectors.GetValue(vector, bound => RecordedVector.Of(version, bound, log));
        }

        if (!PredictionLog.IsInShare(recorded.Share, answer.Id))
        {
            return;
        }

        log.TryAdd(new LoggedPrediction(
            recorded.Layout,
            shard.Tenant,
            answer.Id,
            answer.Entity,
            answer.AsOfMs,
            _time.GetUtcNow().ToUnixTimeMilliseconds(),
            answer.Revision,
            (int)Math.Min(_time.GetElapsedTime(taken).TotalMicroseconds, int.MaxValue),
            Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : "",
            answer.Features ?? ShardPredictor.CopyRow(vector, buffer, row),
            answer.Values));
    }

    public ValueTask DisposeAsync() => Log?.DisposeAsync() ?? ValueTask.CompletedTask;
}
