namespace Grid.Grains.Balancing;

/// <summary>What a silo is there for.</summary>
[GenerateSerializer, Alias("grid.silo-state")]
internal enum SiloState
{
    /// <summary>Has joined and takes load; its figures may still be young.</summary>
    Joining,

    /// <summary>Serves.</summary>
    Active,

    /// <summary>Is about to leave: gives everything away and takes nothing.</summary>
    Draining,
}
