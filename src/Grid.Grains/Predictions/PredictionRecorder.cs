using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Signatures;
using Grid.Inference.Tensors;
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

    /// <summary>By the inputs that the loaded version says it has; gone when it is unloaded.</summary>
    private readonly ConditionalWeakTable<ModelSignature, RecordedVector> _tensors = [];

    private readonly TensorIds _tensorIds = new();

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
    /// <param name="row">The vector that it ran on.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    public void Answered(VersionKey version, ShardKey shard, BoundVector vector, VectorRow row, Prediction answer, long taken)
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
            LatencyUs(taken),
            TraceId(),
            answer.Features ?? row.Copy(vector),
            answer.Values));
    }

    /// <summary>Hands over a request by tensors, row by row. It is nobody's entity, and as of now.</summary>
    /// <param name="replica">The version that answered.</param>
    /// <param name="revision">The catalogue revision that chose it.</param>
    /// <param name="inputs">What was asked.</param>
    /// <param name="outputs">What was answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    /// <returns>The id of the first row, those of the others count on from it; or null where the version is not logged or the request is none of rows.</returns>
    public string? Answered(in Replica replica, long revision, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, long taken)
    {
        if (Log is not { } log || !replica.SupportsRows)
        {
            return null;
        }

        if (!_tensors.TryGetValue(replica.Signature, out var recorded))
        {
            var lease = replica;
            recorded = _tensors.GetValue(replica.Signature, _ => RecordedVector.Of(lease, log));
        }

        if (recorded.Share == 0 || TensorRows.Of(replica, inputs, outputs) is not { } rows)
        {
            return null;
        }

        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var number = _tensorIds.Take(rows.Vectors.Length);
        for (var row = 0; row < rows.Vectors.Length; row++)
        {
            var id = _tensorIds.Of(nowMs, number + row);
            if (PredictionLog.IsInShare(recorded.Share, id))
            {
                log.TryAdd(new LoggedPrediction(recorded.Layout, TensorIds.Tenant, id, "", nowMs, nowMs, revision, LatencyUs(taken), TraceId(), rows.Vectors[row], rows.Values[row]));
            }
        }

        return _tensorIds.Of(nowMs, number);
    }

    public ValueTask DisposeAsync() => Log?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string TraceId() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : "";

    private int LatencyUs(long taken) => (int)Math.Min(_time.GetElapsedTime(taken).TotalMicroseconds, int.MaxValue);
}
