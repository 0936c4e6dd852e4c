namespace Grid.Silo.Health;

/// <summary>What the probes ask. Cheap: every answer comes from memory, none waits for the store or for another silo.</summary>
internal interface ISiloHealth
{
    /// <summary>What only a restart would mend where it does not hold. Never what others share: a store that is away must not restart every silo.</summary>
    IReadOnlyList<HealthCondition> GetVitals();

    /// <summary>Every condition that traffic depends on; ready where all that are required hold.</summary>
    IReadOnlyList<HealthCondition> GetConditions();

    /// <summary>False only where a restart would help.</summary>
    bool IsLive => GetVitals().All(static condition => condition.Holds);

    /// <summary>True where it should get traffic.</summary>
    bool IsReady => IsLive && GetConditions().All(static condition => condition.Holds || !condition.IsRequired);
}
