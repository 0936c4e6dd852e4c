namespace Grid.Features.Plans;

/// <summary>What one view does with one event type.</summary>
internal sealed class ViewEventPlan
{
    public required ViewPlan View { get; init; }

    /// <summary>The event type.</summary>
    public required string Event { get; init; }

    /// <summary>Ordinal of the field with the entity's key; -1 for the tenant.</summary>
    public required int EntityField { get; init; }

    /// <summary>Ordinal of the field that decides the shard; -1 for the tenant, whose record is in every shard.</summary>
    public required int PartitionField { get; init; }

    public required ConditionPlan[] Conditions { get; init; }

    public required StatePlan[] States { get; init; }

    /// <summary>Null where no feature of the event has a window.</summary>
    public required SeriesPlan? Series { get; init; }
}
