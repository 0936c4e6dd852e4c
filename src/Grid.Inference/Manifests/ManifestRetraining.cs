namespace Grid.Inference.Manifests;

/// <summary>When the model may be trained again while the version is live. What is null is as the silos have it. Immutable.</summary>
public sealed record ManifestRetraining
{
    /// <summary>False: nobody is asked to train it, but by hand.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Share of the features' weight that must drift; above 0, at most 1.</summary>
    public double? InputDriftShare { get; init; }

    /// <summary>Labelled rows since the last training that are a reason by themselves. 1 to 1,000,000,000.</summary>
    public int? DataVolume { get; init; }

    /// <summary>Age of the training data that is a reason by itself, in days; above 0, at most 36,500.</summary>
    public double? MaxAgeDays { get; init; }

    /// <summary>Labelled rows that any training needs. 1 to 1,000,000,000.</summary>
    public int? MinRows { get; init; }

    /// <summary>Trainings in <see cref="BudgetDays"/>, by hand too. 1 to 1,000.</summary>
    public int? Budget { get; init; }

    /// <summary>Above 0, at most 36,500.</summary>
    public double? BudgetDays { get; init; }

    /// <summary>Least time between trainings. 0 to 876,000; where it is left out at most <see cref="MaxBackOffHours"/>.</summary>
    public double? CoolDownHours { get; init; }

    /// <summary>
    /// Each challenger in a row that lost doubles the cool-down, up to this. <see cref="CoolDownHours"/> to 876,000; where it is left out at least the cool-down.
    /// </summary>
    public double? MaxBackOffHours { get; init; }

    /// <summary>True where it says nothing.</summary>
    internal bool IsDefault => this == new ManifestRetraining();
}
