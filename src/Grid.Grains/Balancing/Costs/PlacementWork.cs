namespace Grid.Grains.Balancing.Costs;

/// <summary>What a silo does for placement and balancing.</summary>
internal enum PlacementWork
{
    /// <summary>Choosing the silo of a shard.</summary>
    Place,

    /// <summary>Taking in, once a second, what the shards of this silo did.</summary>
    Sample,

    /// <summary>Saying how this silo is and hearing how others are, without the messages' own way.</summary>
    Gossip,

    /// <summary>Making the load map that the balancer asks for.</summary>
    Report,

    /// <summary>Deciding, on the silo that holds the balancer.</summary>
    Decide,
}
