namespace Grid.Features.Shards;

/// <summary>Kinds of rows in a block. Log format: never reuse a value.</summary>
internal enum BlockRowKind : byte
{
    /// <summary>Gives the next index of the block to a source: feed, partition.</summary>
    Source = 1,

    /// <summary>An event that at least one view takes, with the views that do.</summary>
    Event = 2,

    /// <summary>Everything of a source at or below a position has been dealt with.</summary>
    Mark = 3,

    /// <summary>An event that is set aside.</summary>
    SetAside = 4,

    /// <summary>Outbox entries up to a sequence have been delivered.</summary>
    OutboxAck = 5,

    /// <summary>All that follows is under another plan.</summary>
    SwitchPlan = 6,
}
