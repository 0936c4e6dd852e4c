namespace Grid.Silo.Metrics;

/// <summary>How an instrument is emitted.</summary>
internal enum MetricKind
{
    /// <summary>Rises by each measurement.</summary>
    Counter,

    /// <summary>Each measurement is the total so far.</summary>
    ObservedCounter,

    /// <summary>Moves by each measurement.</summary>
    UpDown,

    /// <summary>Each measurement is the value.</summary>
    Gauge,

    /// <summary>The same, and a series that is not observed any more goes away.</summary>
    ObservedGauge,

    Histogram,
}
