namespace Grid.Features.Plans;

/// <summary>How a feature's value comes out of its one or two numbers.</summary>
internal enum FeatureReadKind : byte
{
    /// <summary>The first number, where the second (how many contribute) is above 0.</summary>
    Value,

    /// <summary>The first over the second, where that is above 0.</summary>
    Quotient,

    /// <summary>As-of time minus the first, in a unit, at most the cap.</summary>
    Since,

    /// <summary>A ratio of two features of the view.</summary>
    Ratio,

    /// <summary>A difference of two features of the view.</summary>
    Difference,
}
