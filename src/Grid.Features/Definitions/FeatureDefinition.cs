namespace Grid.Features.Definitions;

/// <summary>One number that a view keeps for each of its entities. Immutable; checked by <see cref="ViewValidator"/>.</summary>
public sealed record FeatureDefinition
{
    /// <summary>Name within the view: a letter or '_', then letters, digits, '_' or '-', at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>Event type it is made of, one of the view's; null for a ratio or a difference.</summary>
    public string? Event { get; init; }

    public required AggregateKind Aggregate { get; init; }

    /// <summary>Number field that sum, mean, min, max and last aggregate. An event without it is skipped.</summary>
    public string? Field { get; init; }

    /// <summary>Comparisons joined by <c>and</c>, for example <c>delay_min &gt;= 15 and dest == 'LAX'</c>; null takes every event.</summary>
    public string? Where { get; init; }

    /// <summary>Bounds for the field's value; null for none.</summary>
    public ClampRange? Clamp { get; init; }

    /// <summary>Length W of the window (as-of - W, as-of] in event time, 1 ms to 3650 d; null for all time.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Unit of a time since the last event; null is seconds.</summary>
    public TimeUnit? Unit { get; init; }

    /// <summary>Most that a time since the last event is, in its unit.</summary>
    public double? Cap { get; init; }

    /// <summary>Value where there is nothing to aggregate; may be NaN. Null is the cap where there is one, else 0.</summary>
    public double? Default { get; init; }

    /// <summary>The two features of a ratio or a difference.</summary>
    public FeaturePair? Of { get; init; }

    internal bool IsDerived => Aggregate is AggregateKind.Ratio or AggregateKind.Difference;

    internal double ResolvedDefault => Default ?? Cap ?? 0;
}
