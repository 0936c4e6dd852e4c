namespace Grid.Monitoring.Windows;

/// <summary>How the difference of two distributions is measured.</summary>
public enum DriftMeasure
{
    /// <summary>Population stability index on the baseline's bins.</summary>
    Psi = 1,

    /// <summary>Jensen-Shannon distance in bits, 0 to 1.</summary>
    JensenShannon = 2,

    /// <summary>Hellinger distance, 0 to 1.</summary>
    Hellinger = 3,

    /// <summary>Kolmogorov-Smirnov: largest difference of the cumulative distributions. For categories, Cramér's V is used instead.</summary>
    KolmogorovSmirnov = 4,

    /// <summary>Wasserstein distance in standard deviations of the reference. For categories, Cramér's V is used instead.</summary>
    Wasserstein = 5,

    /// <summary>Cramér's V of the χ² test on the bins.</summary>
    CramersV = 6,
}
