namespace Grid.Grains.Rollouts;

/// <summary>What the guards say of a version on trial.</summary>
internal enum TrialOutcome
{
    /// <summary>Too few answers to say.</summary>
    Open,

    /// <summary>Within every limit on enough answers.</summary>
    Good,

    /// <summary>Over a limit beyond doubt.</summary>
    Bad,
}
