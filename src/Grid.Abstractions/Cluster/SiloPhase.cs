namespace Grid.Abstractions;

/// <summary>What a silo is there for. Values are wire format.</summary>
public enum SiloPhase : byte
{
    /// <summary>Takes work.</summary>
    Active = 0,

    /// <summary>Hands its work over and takes no more.</summary>
    Draining = 1,

    /// <summary>Has handed everything over; its doors still answer, by the others.</summary>
    Drained = 2,
}
