namespace Grid.Inference.Manifests;

/// <summary>When the version's monitor speaks up. What is null is as the silos have it. Immutable.</summary>
public sealed record ManifestMonitoring
{
    /// <summary>Length of a window, in minutes; 1 to 44,640 (31 days).</summary>
    public double? WindowMinutes { get; init; }

    /// <summary>Rows that a window needs; one with fewer joins the next. 50 to 1,000,000,000.</summary>
    public int? MinRows { get; init; }

    /// <summary>Outcomes that a window needs; one with fewer joins the next. 50 to 1,000,000,000.</summary>
    public int? MinOutcomes { get; init; }

    /// <summary>Rows worth of independent ones that a column needs to be tested. 10 or more.</summary>
    public double? MinEffectiveSamples { get; init; }

    /// <summary>How drift is measured.</summary>
    public ManifestMeasure? Measure { get; init; }

    /// <summary>Least drift of a feature that counts, in the measure's own unit; above 0.</summary>
    public double? FeatureThreshold { get; init; }

    /// <summary>Least drift of an output that counts; above 0.</summary>
    public double? OutputThreshold { get; init; }

    /// <summary>Least rise of the share of missing, non-finite, out-of-range or unknown values; above 0, at most 1.</summary>
    public double? RateThreshold { get; init; }

    /// <summary>Least fall of the area under the curve; above 0, at most 1.</summary>
    public double? AucThreshold { get; init; }

    /// <summary>Least relative rise of log loss, or of the root mean squared error; above 0.</summary>
    public double? LossThreshold { get; init; }

    /// <summary>Least rise of the expected calibration error; above 0, at most 1.</summary>
    public double? CalibrationThreshold { get; init; }

    /// <summary>Windows looked back over. 1 to 32, and where it is left out at least <see cref="RaiseAfter"/>.</summary>
    public int? LookBack { get; init; }

    /// <summary>How many of them must show the effect. 1 to <see cref="LookBack"/>, and where it is left out at most that.</summary>
    public int? RaiseAfter { get; init; }

    /// <summary>Quiet windows in a row that clear a signal. 1 to 32.</summary>
    public int? ClearAfter { get; init; }

    /// <summary>Windows after clearing in which it is not raised again. 0 to 1,000.</summary>
    public int? CoolDown { get; init; }

    /// <summary>What a window is compared with. A season is a whole number of windows, at most 168.</summary>
    public ManifestSeason? Season { get; init; }

    /// <summary>True where it says nothing.</summary>
    internal bool IsDefault => this == new ManifestMonitoring();
}
