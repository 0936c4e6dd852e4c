namespace Grid.Features.Shards;

/// <summary>Why a delivery is not taken, or not to its end.</summary>
public enum DeliveryRefusal : byte
{
    None = 0,

    /// <summary>It starts beyond what the shard has: send again from the applied mark.</summary>
    Gap = 1,

    /// <summary>Something would have to be set aside, and the outbox is full.</summary>
    OutboxFull = 2,

    /// <summary>The memory for features is full.</summary>
    MemoryFull = 3,
}
