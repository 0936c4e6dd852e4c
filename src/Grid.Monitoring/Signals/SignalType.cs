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

    /// <summary>Answers take longer than the version's manifest allows.</summary>
    Slow = 10,

    /// <summary>Requests fail through no fault of the caller.</summary>
    Failing = 11,

    /// <summary>Requests are refused because there is no room for them.</summary>
    Overloaded = 12,

    /// <summary>A feature that the version reads is computed otherwise than when it was first served.</summary>
    SchemaChanged = 13,

    /// <summary>The model should be trained again.</summary>
    Retrain = 14,
}
