using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>Events of one shard that are not known to be durable yet. Immutable but for the count of sends.</summary>
/// <param name="previous">Position of the event before the first one for this shard, or the frontier.</param>
/// <param name="fromFrontier">True for the first of a reader.</param>
/// <param name="first">Position of the first event.</param>
/// <param name="last">Position of the last event.</param>
/// <param name="events">The events.</param>
/// <param name="at">When the first one came, in ticks of the reader's clock.</param>
internal sealed class KeptDelivery(long previous, bool fromFrontier, long first, long last, EventBatch events, long at)
{
    public long Previous => previous;

    public bool FromFrontier => fromFrontier;

    public long First => first;

    public long Last => last;

    public EventBatch Events => events;

    public long At => at;

    /// <summary>How often it was sent.</summary>
    public int Sends { get; set; }
}
