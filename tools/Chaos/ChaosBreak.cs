namespace Grid.Chaos;

/// <summary>A promise that the silos of a run break on purpose, which the checker must notice.</summary>
internal enum ChaosBreak
{
    None,

    /// <summary>Commits are not conditional on epoch and sequence.</summary>
    Fencing,

    /// <summary>Shards apply what their marks say is there.</summary>
    Marks,

    /// <summary>Readers go on where a shard has less than was sent.</summary>
    Gaps,
}
