namespace Grid.Monitoring.Rollouts;

/// <summary>What the guards of a rollout say.</summary>
public enum RolloutVerdict
{
    /// <summary>Not enough is known.</summary>
    Wait = 1,

    /// <summary>The challenger is shown to be no worse than the margins allow.</summary>
    Promote = 2,

    /// <summary>The challenger is shown to be worse than a margin allows.</summary>
    Rollback = 3,
}
