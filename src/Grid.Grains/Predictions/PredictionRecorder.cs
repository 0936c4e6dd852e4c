using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Signatures;
using Grid.Inference.Tensors;
using Grid.Primitives;
using Grid.Storage.Predictions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Predictions;

/// <summary>
/// Hands answered predictions to this silo's log and to the topic of predictions, each of which may be there without the other. Copies what they need and never waits,
/// fails or holds up an answer; what has no room in a buffer is counted there as a gap. Thread-safe.
/// </summary>
internal sealed class PredictionRecorder : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly PredictionShares _shares;

    /// <summary>By reference, and gone with the vector: a layout is made once for each version and generation of the views.</summary>
    private readonly ConditionalWeakTable<BoundVector, RecordedVector> _vectors = [];

    /// <summary>By the inputs that the loaded version says it has; gone when it is unloaded.</summary>
    private readonly ConditionalWeakTable<ModelSignature, RecordedVector> _tensors = [];

    private readonly TensorIds _tensorIds = new();

    /// <exception cref="GridException">The log's folder cannot be used, or the topic's client does not take its settings.</exception>
    public PredictionRecorder(IOptions<GridGrainsOptions> options, IMeterFactory meters, TimeProvider time, ILoggerFactory logging)
    {
        _time = time;
        _shares = options.Value.PredictionShares;
        Topic = options.Value.PredictionTopic is { } topic ? new PredictionTopic(topic, meters, time, logging) : null;
        Log = options.Value.PredictionLog is { } log ? PredictionLog.Open(log, time) : null;
    }

    /// <summary>The log, or null where this silo keeps none.</summary>
    public PredictionLog? Log { get; }

    /// <summary>The topic, or null where none is named.</summary>
    public PredictionTopic? Topic { get; }

    /// <param name="version">The version that answered.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="vector">What the version asked for.</param>
    /// <param name="row">The vector that it ran on.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    public void Answered(VersionKey version, ShardKey shard, BoundVector vector, VectorRow row, Prediction answer, long taken)
    {
        if (Log is null && Topic is null)
        {
            return;
        }

        if (!_vectors.TryGetValue(vector, out var recorded))
        {
            recorded = _vectors.GetValue(vector, bound => RecordedVector.Of(version, bound, _shares));
        }

        if (!PredictionShares.Has(recorded.Share, answer.Id))
        {
            return;
        }

        Add(recorded, new LoggedPrediction(
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

    /// <summary>Whether requests by tensors of a version are logged.</summary>
    public bool Wants(in Replica replica) => (Log is not null || Topic is not null) && TensorsOf(replica).Share > 0;

    /// <summary>Hands over a request by tensors, row by row. It is nobody's entity, and as of now.</summary>
    /// <param name="replica">The version that answered; one that <see cref="Wants"/> says is logged.</param>
    /// <param name="revision">The catalogue revision that chose it.</param>
    /// <param name="rows">What was asked and answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    /// <returns>The id of the first row, those of the others count on from it.</returns>
    public string Answered(in Replica replica, long revision, TensorRows rows, long taken)
    {
        var recorded = TensorsOf(replica);
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var number = _tensorIds.Take(rows.Vectors.Length);
        for (var row = 0; row < rows.Vectors.Length; row++)
        {
            var id = _tensorIds.Of(nowMs, number + row);
            if (PredictionShares.Has(recorded.Share, id))
            {
                Add(recorded, new LoggedPrediction(recorded.Layout, TensorIds.Tenant, id, "", nowMs, nowMs, revision, LatencyUs(taken), TraceId(), rows.Vectors[row], rows.Values[row]));
            }
        }

        return _tensorIds.Of(nowMs, number);
    }

    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        if (Topic is not null)
        {
            await Topic.DisposeAsync();
        }
    }

    private RecordedVector TensorsOf(in Replica replica)
    {
        if (!_tensors.TryGetValue(replica.Signature, out var recorded))
        {
            var lease = replica;
            recorded = _tensors.GetValue(replica.Signature, _ => RecordedVector.Of(lease, _shares));
        }

        return recorded;
    }

    private void Add(RecordedVector recorded, LoggedPrediction row)
    {
        Log?.TryAdd(row);
        Topic?.TryAdd(row, recorded.TopicBytes);
    }

    private static string TraceId() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : "";

    private int LatencyUs(long taken) => (int)Math.Min(_time.GetElapsedTime(taken).TotalMicroseconds, int.MaxValue);
}
