namespace Grid.Monitoring.Signals;

/// <summary>What a signal says. Values are stored: never reuse one.</summary>
public enum SignalType
{
    /// <summary>A feature is distributed otherwise than in training.</summary>
    FeatureDrift = 1,

    /// <summary>An output is.</summary>
    PredictionDrift = 2,

    /// <summary>Data quality: a value is missing more often.</summary>
    MissingValues = 3,

    /// <summary>Data quality: NaN or infinite values more often.</summary>
    NotFiniteValues = 4,

    /// <summary>Data quality: values outside the range of training.</summary>
    OutOfRange = 5,

    /// <summary>Data quality: categories that training did not have.</summary>
    NewCategories = 6,

    /// <summary>Outcomes show that the version does worse.</summary>
    Performance = 7,

    /// <summary>Without outcomes, the scores let expect that it does.</summary>
    EstimatedPerformance = 8,

    /// <summary>The error changed from one delta to the next, found by adaptive windowing.</summary>
    ErrorChange = 9,
}
