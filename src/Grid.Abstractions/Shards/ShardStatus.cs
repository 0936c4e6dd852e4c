using Orleans;

namespace Grid.Abstractions;

/// <summary>What a shard is and holds, for operators and tests.</summary>
/// <param name="Shard">workspace/tenant/shard.</param>
/// <param name="Silo">The process that owns it.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="AppliedSequence">The last block sealed.</param>
/// <param name="DurableSequence">The last block committed.</param>
/// <param name="SnapshotSequence">The block that the last snapshot was taken at; 0 where there is none.</param>
/// <param name="Entities">Entity records held, over all views.</param>
/// <param name="StateBytes">Bytes of pages in use.</param>
/// <param name="EventsHandled">Events dealt with since the activation, duplicates and what was set aside included.</param>
/// <param name="Predictions">Predictions answered since the activation.</param>
/// <param name="Generation">Digest of the views the state is laid out for.</param>
/// <param name="StateDigest">Digest over all records, marks and keys: equal if and only if they are equal to the bit. Empty unless asked for.</param>
[GenerateSerializer, Immutable, Alias("grid.shard-status")]
public sealed record ShardStatus(
    [property: Id(0)] string Shard,
    [property: Id(1)] string Silo,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long AppliedSequence,
    [property: Id(4)] long DurableSequence,
    [property: Id(5)] long SnapshotSequence,
    [property: Id(6)] long Entities,
    [property: Id(7)] long StateBytes,
    [property: Id(8)] long EventsHandled,
    [property: Id(9)] long Predictions,
    [property: Id(10)] string Generation,
    [property: Id(11)] string StateDigest);
