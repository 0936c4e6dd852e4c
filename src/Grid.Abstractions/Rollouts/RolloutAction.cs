namespace Grid.Abstractions;

/// <summary>What was done to a rollout. Values are wire and store format.</summary>
public enum RolloutAction : byte
{
    /// <summary>A version was given all traffic by name.</summary>
    Live = 1,

    /// <summary>A canary began, or its share was changed.</summary>
    Canary = 2,

    /// <summary>The version on trial became live.</summary>
    Promote = 3,

    /// <summary>The trial ended, or the version before is live again.</summary>
    Rollback = 4,

    /// <summary>A shadow was added.</summary>
    Shadow = 5,

    /// <summary>A shadow was taken away.</summary>
    Unshadow = 6,

    /// <summary>Traffic was divided between arms.</summary>
    Experiment = 7,
}
