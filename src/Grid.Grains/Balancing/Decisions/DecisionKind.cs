namespace Grid.Grains.Balancing;

/// <summary>What a decision does, and which rule made it. Values are stored: never reuse one.</summary>
internal enum DecisionKind
{
    /// <summary>A version is loaded on one more silo.</summary>
    AddReplica = 1,

    /// <summary>A version leaves a silo.</summary>
    RemoveReplica = 2,

    /// <summary>A shard leaves a silo that drains.</summary>
    Drain = 3,

    /// <summary>A shard leaves a silo whose memory is nearly full.</summary>
    RelieveMemory = 4,

    /// <summary>A shard leaves a busy silo.</summary>
    Relieve = 5,

    /// <summary>A shard goes to a silo that has little to do, such as one that has just joined.</summary>
    Fill = 6,

    /// <summary>A shard goes to the model that it calls.</summary>
    JoinReplica = 7,
}
