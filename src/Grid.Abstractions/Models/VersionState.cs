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
}
