using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>Events of a caller, each with its own idempotency key.</summary>
[GenerateSerializer, Immutable, Alias("grid.push-request")]
public sealed record PushRequest([property: Id(0)] EventBatch Events, [property: Id(1)] AckMode Ack);
