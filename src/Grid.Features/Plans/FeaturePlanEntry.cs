using Grid.Features.Definitions;

namespace Grid.Features.Plans;

/// <summary>One compiled feature: where its one or two numbers are, and how the value comes out of them.</summary>
internal sealed class FeaturePlanEntry
{
    public required FeatureDefinition Definition { get; init; }

    /// <summary><c>view.feature</c>.</summary>
    public required string FullName { get; init; }

    public required FeatureReadKind Kind { get; init; }

    /// <summary>The event's part of the view; null for a ratio or a difference.</summary>
    public ViewEventPlan? Event { get; init; }

    /// <summary>Length of the window; 0 for all time.</summary>
    public long WindowMs { get; init; }

    /// <summary>With a window: index of an accumulator of the series. Without: offset of a state in the record. Derived: index of a feature of the view.</summary>
    public int First { get; init; }

    /// <summary>As <see cref="First"/>: how many contribute, or the base of a quotient.</summary>
    public int Second { get; init; }

    /// <summary>For a value of all time that knows its own time (last): offset of that state; else -1.</summary>
    public int LastValueOffset { get; init; } = -1;

    public double UnitMs { get; init; } = 1;

    public double Cap { get; init; } = double.PositiveInfinity;

    public double Default { get; init; }
}
