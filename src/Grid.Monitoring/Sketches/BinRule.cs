namespace Grid.Monitoring.Sketches;

/// <summary>How edges divide values into bins. The first bin has no lower bound and the last no upper one.</summary>
public enum BinRule
{
    /// <summary>Bin i holds <c>edges[i-1] &lt; x &lt;= edges[i]</c>.</summary>
    RightClosed = 1,

    /// <summary>Bin i holds <c>edges[i-1] &lt;= x &lt; edges[i]</c>.</summary>
    LeftClosed = 2,

    /// <summary>Bin i holds the value <c>edges[i]</c> itself; one more bin at the end holds every other value.</summary>
    Categories = 3,
}
