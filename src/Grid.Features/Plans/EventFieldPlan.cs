using Grid.Features.Definitions;

namespace Grid.Features.Plans;

/// <summary>One declared field of an event type, over all views.</summary>
/// <param name="IsUsed">Whether any view needs its value; what none needs is checked, and not logged.</param>
/// <param name="IsRequired">Whether it is a key of some view.</param>
internal sealed record EventFieldPlan(string Name, FieldKind Kind, bool IsUsed, bool IsRequired);
