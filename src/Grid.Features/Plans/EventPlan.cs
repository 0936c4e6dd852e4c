namespace Grid.Features.Plans;

/// <summary>One event type: its fields over all views, and the views that take it.</summary>
internal sealed class EventPlan(string type, int ordinal, EventFieldPlan[] fields, sbyte[] fieldOfName, ViewEventPlan[] consumers)
{
    public string Type { get; } = type;

    public int Ordinal { get; } = ordinal;

    /// <summary>Sorted by name; a field's index is its ordinal.</summary>
    public EventFieldPlan[] Fields { get; } = fields;

    /// <summary>One bit for each consumer whose view judges by arrival time.</summary>
    public ulong ClockedConsumers { get; } = MaskOfClocked(consumers);

    /// <summary>One bit for each field that any view needs.</summary>
    public ulong UsedFields { get; } = MaskOf(fields);

    /// <summary>Field ordinal for each name id of the plan, -1 where the type has no such field.</summary>
    public sbyte[] FieldOfName { get; } = fieldOfName;

    /// <summary>Sorted by view; at most 64.</summary>
    public ViewEventPlan[] Consumers { get; } = consumers;

    private static ulong MaskOf(EventFieldPlan[] fields)
    {
        ulong mask = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            mask |= fields[i].IsUsed ? 1UL << i : 0;
        }

        return mask;
    }

    private static ulong MaskOfClocked(ViewEventPlan[] consumers)
    {
        ulong mask = 0;
        for (var i = 0; i < consumers.Length; i++)
        {
            mask |= consumers[i].View.ChecksArrival ? 1UL << i : 0;
        }

        return mask;
    }
}
