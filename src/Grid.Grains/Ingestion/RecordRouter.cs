using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>Turns polled records into events and hands each to the shards that it belongs to. For one reader's scheduler.</summary>
internal sealed class RecordRouter(RoutingTable routings)
{
    private readonly DecodedRecords _decoded = new();
    private readonly HashSet<int> _targets = [];

    /// <summary>Decodes the records that one routing holds for, beginning with the first; the rest is for another call.</summary>
    /// <returns>What came of them, the routing, and how many records they were; or why their schemas cannot be had yet.</returns>
    public async ValueTask<(RoutedRecords? Routed, GridError? Error)> DecodeAsync(ReadOnlyMemory<KafkaRecord> records, CancellationToken cancellationToken)
    {
        var routing = routings.At(records.Span[0].Offset, out var end);
        var count = records.Length;
        while (records.Span[count - 1].Offset >= end)
        {
            count--;
        }

        var taken = records[..count];
        if (await routing.Decoder.PrepareAsync(taken, cancellationToken) is { } error)
        {
            return (null, error);
        }

        _decoded.Decode(taken.Span, routing.Decoder);
        return (new RoutedRecords(routing, _decoded.Take(), taken), null);
    }

    /// <summary>Gives each event, as it is encoded, to the lanes that <paramref name="into"/> names for its tenant and shard.</summary>
    public void Divide(RoutedRecords routed, IRoutedEvents into)
    {
        var events = routed.Decoded.Events;
        var tenants = routed.Decoded.Tenants.Span;
        var payload = events.Payload.Span;
        var reader = new EventBatchReader(events);
        var start = 0;
        for (var i = 0; reader.MoveNext(); start = reader.Offset, i++)
        {
            var shards = into.ShardsOf(tenants[i]);
            var encoded = payload[start..reader.Offset];
            if (shards == 1)
            {
                into.Take(tenants[i], 0, events.Names, encoded, reader.Position);
            }
            else if (shards > 1)
            {
                Features.Plans.EventRouter.Route(events, reader, routed.Routing.Plan, shards, _targets);
                foreach (var shard in _targets)
                {
                    into.Take(tenants[i], shard, events.Names, encoded, reader.Position);
                }
            }
        }
    }
}
