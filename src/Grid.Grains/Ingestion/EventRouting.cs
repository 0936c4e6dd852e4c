using Grid.Features.Plans;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>A routing, ready to be used. Not thread-safe: the decoder has state.</summary>
/// <param name="Entry">Its stored form.</param>
/// <param name="Decoder">Makes events of records.</param>
/// <param name="Plan">Divides events among the shards of a tenant that has several.</param>
internal sealed record EventRouting(RoutingEntry Entry, IRecordDecoder Decoder, FeaturePlan Plan);
