namespace Grid.Abstractions;

/// <summary>How a shard answered a delivery. Values are wire format.</summary>
public enum DeliveryStatus : byte
{
    /// <summary>Every event is applied, set aside or was there already.</summary>
    Applied = 1,

    /// <summary>The delivery starts beyond what the shard has: send again from the applied mark.</summary>
    Gap = 2,

    /// <summary>A newer reader delivers this partition; stop.</summary>
    StaleReader = 3,

    /// <summary>The shard cannot take it now (the error says why); send the same again later.</summary>
    Refused = 4,
}
