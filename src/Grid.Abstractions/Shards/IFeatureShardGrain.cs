using Orleans;

namespace Grid.Abstractions;

/// <summary>
/// Owner of one shard of one tenant's feature state; key <c>workspace/tenant/shard</c>.
/// Changes go through one first-in-first-out queue; reads and predictions interleave and see a prefix of whole events.
/// </summary>
[Alias("grid.IFeatureShardGrain"), GrainInterfaceType("grid.feature-shard")]
public interface IFeatureShardGrain : IGrainWithStringKey
{
    /// <summary>Applies events of a source partition; answered when applied, with both marks.</summary>
    [Alias("Deliver")]
    ValueTask<DeliveryAnswer> DeliverAsync(SourceDelivery delivery, CancellationToken cancellationToken = default);

    /// <summary>The marks of one (feed, partition).</summary>
    [Alias("GetMarks")]
    ValueTask<SourceMarks> GetMarksAsync(string feed, string partition);

    /// <summary>Applies pushed events; answered per event, after the commit unless the request says otherwise.</summary>
    [Alias("Append")]
    ValueTask<PushAnswer> AppendAsync(PushRequest request, CancellationToken cancellationToken = default);

    /// <summary>Assembles the vector of an entity and runs the model here.</summary>
    [Alias("Predict")]
    ValueTask<Prediction> PredictAsync(PredictRequest request, CancellationToken cancellationToken = default);

    /// <summary>The same for many entities of this shard, in as few runs as the model's limits allow.</summary>
    [Alias("PredictMany")]
    ValueTask<Prediction[]> PredictManyAsync(PredictManyRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads features of one entity.</summary>
    [Alias("Read")]
    ValueTask<FeatureReading> ReadAsync(FeatureReadRequest request);

    /// <summary>Returns when everything applied before the call is durable.</summary>
    [Alias("Flush")]
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>State of the shard; <paramref name="withDigest"/> walks every record.</summary>
    [Alias("GetStatus")]
    ValueTask<ShardStatus> GetStatusAsync(bool withDigest);
}
