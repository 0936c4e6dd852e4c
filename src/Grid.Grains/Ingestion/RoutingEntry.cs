namespace Grid.Grains.Ingestion;

/// <summary>Which way events went from one position on. Stored beside the frontier: never rename a member.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Start">The first position that it holds for.</param>
/// <param name="Generation">The views that divide events among shards.</param>
/// <param name="Mapping">How records become events.</param>
internal sealed record RoutingEntry(long Number, long Start, string Generation, MappingEntry Mapping)
{
    public bool IsSameAs(string generation, MappingEntry mapping) => Generation == generation && Mapping.IsSameAs(mapping);
}
