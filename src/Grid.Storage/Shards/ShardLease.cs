using Grid.Primitives;

namespace Grid.Storage;

/// <summary>The right to commit to a shard, until somebody takes a later epoch. Immutable.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The epoch that was taken, from 1, rising for ever.</param>
/// <param name="LastSequence">The sequence of the last block that was durable when the epoch was taken; 0 if there was none.</param>
/// <param name="Owner">Who took it, for operators: a silo's name or address.</param>
public sealed record ShardLease(ShardKey Shard, long Epoch, long LastSequence, string Owner);
