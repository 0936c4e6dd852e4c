using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Monitoring;
using Grid.Grains.Predictions;
using Grid.Grains.Rollouts;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>All that follow the answers of shards: the prediction log, the versions that an answer is compared with, and the monitors. Called on the shard's scheduler.</summary>
internal sealed class AnswerFollowers(PredictionRecorder recorder, ShardMirror mirror, MonitorFeeds monitors)
{
    /// <param name="chosen">The version that answered.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="state">Its features.</param>
    /// <param name="vector">What the version asked for.</param>
    /// <param name="row">The vector that it ran on.</param>
    /// <param name="values">Request-time values.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="taken">When the request was taken up.</param>
    public void Answered(in ChosenVersion chosen, ShardKey shard, ShardState state, BoundVector vector, VectorRow row, RequestValues values, Prediction answer, long taken)
    {
        recorder.Answered(chosen.Key, shard, vector, row, answer, taken);
        mirror.Offer(chosen, shard, state, vector, row, values, answer);
        monitors.Offer(chosen, shard.Tenant, vector, row, answer);
    }
}
