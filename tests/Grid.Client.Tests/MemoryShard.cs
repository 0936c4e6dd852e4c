using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client.Tests;

/// <summary>The contract of source deliveries in memory: one shard that can lose what is not durable, refuse, and be away.</summary>
internal sealed class MemoryShard : IGridSources
{
    private readonly List<long> _applied = [];

    /// <summary>Positions applied, in order.</summary>
    public IReadOnlyList<long> Applied => _applied;

    public long Mark => _applied.Count == 0 ? -1 : _applied[^1];

    public long Durable { get; private set; } = -1;

    /// <summary>Deliveries that came in, whatever became of them.</summary>
    public int Deliveries { get; private set; }

    /// <summary>Runs before each delivery; may throw or answer in the shard's place.</summary>
    public Func<SourceDelivery, DeliveryAnswer?> OnDelivery { get; set; } = static _ => null;

    public void Commit() => Durable = Mark;

    /// <summary>A crash: what is not durable is gone.</summary>
    public void Crash() => _applied.RemoveAll(position => position > Durable);

    /// <summary>A store put back from a backup: even what was durable is gone.</summary>
    public void Restore(long mark)
    {
        _applied.RemoveAll(position => position > mark);
        Durable = mark;
    }

    public ValueTask<DeliveryAnswer> DeliverAsync(string tenant, int shard, SourceDelivery delivery, CancellationToken cancellationToken)
    {
        Deliveries++;
        return new(OnDelivery(delivery) ?? Take(delivery));
    }

    /// <summary>Applies a delivery as a shard does.</summary>
    public DeliveryAnswer Take(SourceDelivery delivery)
    {
        if (delivery.Previous > Mark)
        {
            return new DeliveryAnswer(DeliveryStatus.Gap, Mark, Durable);
        }

        var reader = new EventBatchReader(delivery.Events);
        while (reader.MoveNext())
        {
            if (reader.Position > Mark)
            {
                _applied.Add(reader.Position);
            }
        }

        return new DeliveryAnswer(DeliveryStatus.Applied, Mark, Durable);
    }

    public ValueTask<SourceMarks> GetMarksAsync(string tenant, int shard, string feed, string partition, CancellationToken cancellationToken) =>
        new(new SourceMarks(Mark, Durable));

    public ValueTask FlushAsync(string tenant, int shard, CancellationToken cancellationToken)
    {
        Commit();
        return ValueTask.CompletedTask;
    }
}
