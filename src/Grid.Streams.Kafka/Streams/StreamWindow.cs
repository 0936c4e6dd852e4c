namespace Grid.Streams.Kafka;

/// <summary>What a partition's cache holds of one stream, and who reads it.</summary>
internal sealed class StreamWindow(long evictedThrough)
{
    /// <summary>Rising by offset.</summary>
    public List<CachedDelivery> Deliveries { get; } = [];

    public List<KafkaQueueCursor> Cursors { get; } = [];

    /// <summary>The last offset of this stream that may have left the cache.</summary>
    public long EvictedThrough { get; set; } = evictedThrough;

    public bool IsUseless => Deliveries.Count == 0 && Cursors.Count == 0;

    /// <summary>Whether every subscription is past it.</summary>
    public bool IsDelivered(CachedDelivery delivery)
    {
        foreach (var cursor in Cursors)
        {
            if (cursor.Position < delivery.Last)
            {
                return false;
            }
        }

        return true;
    }

    public CachedDelivery? After(long position)
    {
        var (low, high) = (0, Deliveries.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Deliveries[middle].Last > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < Deliveries.Count ? Deliveries[low] : null;
    }

    /// <summary>Puts it where its offsets belong: replayed ones come before those that were there.</summary>
    public void Insert(CachedDelivery delivery)
    {
        delivery.Window = this;
        var at = Deliveries.Count;
        while (at > 0 && Deliveries[at - 1].Last > delivery.Last)
        {
            at--;
        }

        Deliveries.Insert(at, delivery);
    }
}
