namespace Grid.Grains.Ingestion;

/// <summary>Takes events as they are routed.</summary>
internal interface IRoutedEvents
{
    /// <summary>Shards of a tenant; 0 where its events are not wanted.</summary>
    int ShardsOf(string tenant);

    /// <summary>Takes one event for one shard; the bytes are valid during the call.</summary>
    void Take(string tenant, int shard, string[] names, ReadOnlySpan<byte> encoded, long position);
}
