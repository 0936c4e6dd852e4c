namespace Grid.Abstractions;

/// <summary>The lifecycle of a version. Values are wire and store format.</summary>
public enum VersionState : byte
{
    /// <summary>Known, its artifact stored.</summary>
    Registered = 1,

    /// <summary>Wanted on silos; not yet ready everywhere it will be asked.</summary>
    Staged = 2,

    /// <summary>Answers requests.</summary>
    Live = 3,

    /// <summary>No longer wanted anywhere.</summary>
    Retired = 4,

    /// <summary>Answers a share of the requests, on trial.</summary>
    Canary = 5,

    /// <summary>Computes the same predictions for comparison; its answers go nowhere.</summary>
    Shadow = 6,

    /// <summary>Answers for an arm of an experiment.</summary>
    Arm = 7,
}
