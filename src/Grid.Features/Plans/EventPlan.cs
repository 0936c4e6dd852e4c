namespace Grid.Features.Plans;

/// <summary>One event type: its fields over all views, and the views that take it.</summary>
internal sealed class EventPlan(string type, int ordinal, EventFieldPlan[] fields, sbyte[] fieldOfName, ViewEventPlan[] consumers)
{
    public string Type { get; } = type;

    public int Ordinal { get; } = ordinal;

    /// <summary>Sorted by name; a field's index is its ordinal.</summary>
    public EventFieldPlan[] Fields { get; } = fields;

    /// <summary>Field ordinal for each name id of the plan, -1 where the type has no such field.</summary>
    public sbyte[] FieldOfName { get; } = fieldOfName;

    /// <summary>Sorted by view; at most 64.</summary>
    public ViewEventPlan[] Consumers { get; } = consumers;
}
