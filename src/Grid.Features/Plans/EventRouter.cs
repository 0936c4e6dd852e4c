using System.Buffers;
using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>Divides events among the shards of a tenant. Pure.</summary>
public static class EventRouter
{
    /// <summary>For each shard the events that it needs, in order, or null.</summary>
    /// <remarks>
    /// An event goes to the shard of each partition key that views read from it, and to all shards where a tenant view takes it. One that no shard needs (no view takes its type, or its key is
    /// missing) goes to shard 0, which then answers for it. With one shard the batch itself comes back.
    /// </remarks>
    /// <exception cref="GridException">The batch is malformed.</exception>
    public static EventBatch?[] Split(EventBatch batch, FeaturePlan plan, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, ShardHash.MaxShards);
        if (shards == 1)
        {
            return [batch];
        }

        var parts = new ArrayBufferWriter<byte>?[shards];
        var counts = new int[shards];
        var targets = new HashSet<int>();
        var payload = batch.Payload.Span;
        var reader = new EventBatchReader(batch);
        for (var start = 0; reader.MoveNext(); start = reader.Offset)
        {
            Route(batch, reader, plan, shards, targets);
            foreach (var target in targets)
            {
                // Names are shared by all parts, so an event's bytes are the same in each.
                (parts[target] ??= new ArrayBufferWriter<byte>(payload.Length / shards + 64)).Write(payload[start..reader.Offset]);
                counts[target]++;
            }
        }

        return [.. parts.Select((p, i) => p is null ? null : new EventBatch(batch.Names, p.WrittenMemory, counts[i], batch.Format))];
    }

    /// <summary>The shards that the event under the reader goes to, as <see cref="Split"/> says.</summary>
    /// <param name="batch">The batch that <paramref name="reader"/> walks.</param>
    /// <param name="reader">Stands on the event.</param>
    /// <param name="plan">The views.</param>
    /// <param name="shards">The tenant's shards.</param>
    /// <param name="targets">Emptied, then filled.</param>
    /// <exception cref="GridException">The batch is malformed.</exception>
    public static void Route(EventBatch batch, in EventBatchReader reader, FeaturePlan plan, int shards, HashSet<int> targets)
    {
        targets.Clear();
        var type = plan.EventOrdinal(batch.Names[reader.TypeIndex]);
        if (type >= 0)
        {
            var keys = plan.Events[type];
            foreach (var consumer in keys.Consumers)
            {
                if (consumer.PartitionField < 0)
                {
                    for (var shard = 0; shard < shards; shard++)
                    {
                        targets.Add(shard);
                    }

                    return;
                }
            }

            var fields = reader.Fields;
            while (fields.MoveNext())
            {
                if (fields.Kind == EventValueKind.Text && IsPartitionKey(keys, batch.Names[fields.NameIndex]))
                {
                    targets.Add(ShardHash.ShardOf(fields.TextUtf8, shards));
                }
            }
        }

        if (targets.Count == 0)
        {
            targets.Add(0);
        }
    }

    private static bool IsPartitionKey(EventPlan plan, string field)
    {
        foreach (var consumer in plan.Consumers)
        {
            if (plan.Fields[consumer.PartitionField].Name == field)
            {
                return true;
            }
        }

        return false;
    }
}
