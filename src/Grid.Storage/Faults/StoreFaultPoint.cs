namespace Grid.Storage;

/// <summary>The named places where a test can make a store fail.</summary>
public enum StoreFaultPoint
{
    /// <summary>A block of a group commit is about to be inserted.</summary>
    BlockInsert = 1,

    /// <summary>The blocks of a group commit are written; the commit comes next.</summary>
    BeforeCommit = 2,

    /// <summary>A group commit is durable; nobody has been told.</summary>
    AfterCommit = 3,

    /// <summary>A transaction with pages of a snapshot is about to be committed.</summary>
    SnapshotPages = 4,

    /// <summary>All pages of a snapshot are written; the switch comes next.</summary>
    BeforeSwitch = 5,

    /// <summary>The switch is durable; what it superseded is still there.</summary>
    AfterSwitch = 6,

    /// <summary>A temporary artifact is complete; the rename comes next.</summary>
    ArtifactBeforeRename = 7,
}
