namespace Grid.Features.Definitions;

/// <summary>How the events of a feature become one number. Each one honours <c>where</c>.</summary>
public enum AggregateKind
{
    /// <summary>Not an aggregate; a definition with it is refused.</summary>
    None = 0,

    /// <summary>How many events.</summary>
    Count,

    /// <summary>Sum of a field.</summary>
    Sum,

    /// <summary>Mean of a field.</summary>
    Mean,

    /// <summary>Least value of a field.</summary>
    Min,

    /// <summary>Greatest value of a field.</summary>
    Max,

    /// <summary>The field's value in the newest event (ties: the greater source, then the greater position).</summary>
    Last,

    /// <summary>Time from the newest event to the as-of time.</summary>
    TimeSinceLast,

    /// <summary>The part of all events for which <c>where</c> holds, 0 to 1.</summary>
    Share,

    /// <summary>The first feature of <c>of</c> divided by the second.</summary>
    Ratio,

    /// <summary>The first feature of <c>of</c> minus the second.</summary>
    Difference,
}
