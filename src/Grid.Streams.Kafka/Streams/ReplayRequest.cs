using Orleans.Runtime;

namespace Grid.Streams.Kafka;

/// <summary>Records of one stream that a subscription wants again and that have left the cache.</summary>
/// <param name="From">The first offset wanted.</param>
/// <param name="To">The offset from which on the cache has them.</param>
internal sealed record ReplayRequest(StreamId StreamId, KafkaQueueCursor Cursor, long From, long To);
