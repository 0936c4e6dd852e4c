namespace Grid.Silo.Health;

/// <summary>What the probes ask. Cheap: every answer comes from memory.</summary>
internal interface ISiloHealth
{
    /// <summary>False only where a restart would help.</summary>
    bool IsLive { get; }

    /// <summary>Every condition that traffic depends on; ready where all hold.</summary>
    IReadOnlyList<HealthCondition> GetConditions();
}
