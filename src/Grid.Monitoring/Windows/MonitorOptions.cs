using Grid.Primitives;

namespace Grid.Monitoring.Windows;

/// <summary>When a model's monitor speaks up. Immutable.</summary>
public sealed record MonitorOptions
{
    /// <summary>Most windows that a season may hold back: they are in memory.</summary>
    public const int MaximumSeasonWindows = 168;

    /// <summary>Length of a window. 1 minute to 31 days; default 1 hour.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a window waits for late deltas. 0 to one window; default 30 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A start of a window; all others follow from it. Default: a Monday, 00:00 UTC.</summary>
    public DateTimeOffset Origin { get; init; } = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Rows that a window needs; one with fewer joins the next. 50 or more; default 500.</summary>
    public long MinimumRows { get; init; } = 500;

    /// <summary>Effective samples that a column needs to be tested. 10 or more; default 100.</summary>
    public double MinimumEffectiveSamples { get; init; } = 100;

    /// <summary>Outcomes that a window needs; one with fewer joins the next. 50 or more; default 500.</summary>
    public long MinimumOutcomes { get; init; } = 500;

    public DriftMeasure Measure { get; init; } = DriftMeasure.Psi;

    /// <summary>Least effect on a feature. Default 0.2 for PSI and 0.1 for the other measures.</summary>
    public double? FeatureThreshold { get; init; }

    /// <summary>Least effect on an output. Default 0.1 for PSI and 0.05 for the other measures.</summary>
    public double? OutputThreshold { get; init; }

    /// <summary>Least rise of the share of missing, non-finite, out-of-range or unknown values. Default 0.02.</summary>
    public double RateThreshold { get; init; } = 0.02;

    /// <summary>Least fall of the area under the curve, measured or estimated. Default 0.03.</summary>
    public double AucThreshold { get; init; } = 0.03;

    /// <summary>Least relative rise of log loss, or of the root mean squared error. Default 0.1.</summary>
    public double LossThreshold { get; init; } = 0.1;

    /// <summary>Least rise of the expected calibration error. Default 0.03.</summary>
    public double CalibrationThreshold { get; init; } = 0.03;

    /// <summary>False discovery rate over a model's tests of one kind in one window. In (0, 0.5); default 0.01.</summary>
    public double FalseDiscoveryRate { get; init; } = 0.01;

    /// <summary>Windows looked back over. 1 to 32; default 3.</summary>
    public int LookBack { get; init; } = 3;

    /// <summary>How many of them must show the effect. 1 to <see cref="LookBack"/>; default 2.</summary>
    public int RaiseAfter { get; init; } = 2;

    /// <summary>An open signal is quiet where the effect is below this share of the threshold. In (0, 1]; default 0.8.</summary>
    public double ClearRatio { get; init; } = 0.8;

    /// <summary>Quiet windows in a row that clear it. 1 to 32; default 2.</summary>
    public int ClearAfter { get; init; } = 2;

    /// <summary>Windows after clearing in which it is not raised again. 0 to 1,000; default 2.</summary>
    public int CoolDown { get; init; } = 2;

    public Season Season { get; init; }

    /// <summary>Rows that a provisional baseline is learned from. 500 or more; default 5,000.</summary>
    public long ProvisionalRows { get; init; } = 5000;

    internal double Feature => FeatureThreshold ?? (Measure == DriftMeasure.Psi ? 0.2 : 0.1);

    internal double Output => OutputThreshold ?? (Measure == DriftMeasure.Psi ? 0.1 : 0.05);

    internal int SeasonWindows => Season == Season.None ? 0 : (int)((Season == Season.Day ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7)) / Window);

    /// <summary>Everything that is wrong, each with its range; empty where nothing is.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Require(Window >= TimeSpan.FromMinutes(1) && Window <= TimeSpan.FromDays(31), "window", Window, "1 minute to 31 days");
        Require(Grace >= TimeSpan.Zero && Grace <= Window, "grace", Grace, "0 to one window");
        Require(MinimumRows >= 50, "minimum_rows", MinimumRows, "50 or more");
        Require(MinimumEffectiveSamples >= 10, "minimum_effective_samples", MinimumEffectiveSamples, "10 or more");
        Require(MinimumOutcomes >= 50, "minimum_outcomes", MinimumOutcomes, "50 or more");
        Require(Enum.IsDefined(Measure), "measure", Measure, "psi, jensen_shannon, hellinger, kolmogorov_smirnov, wasserstein or cramers_v");
        Require(FeatureThreshold is null or > 0, "feature_threshold", FeatureThreshold, "above 0");
        Require(OutputThreshold is null or > 0, "output_threshold", OutputThreshold, "above 0");
        Require(RateThreshold is > 0 and <= 1, "rate_threshold", RateThreshold, "above 0, at most 1");
        Require(AucThreshold is > 0 and <= 1, "auc_threshold", AucThreshold, "above 0, at most 1");
        Require(LossThreshold > 0, "loss_threshold", LossThreshold, "above 0");
        Require(CalibrationThreshold is > 0 and <= 1, "calibration_threshold", CalibrationThreshold, "above 0, at most 1");
        Require(FalseDiscoveryRate is > 0 and < 0.5, "false_discovery_rate", FalseDiscoveryRate, "above 0, below 0.5");
        Require(LookBack is >= 1 and <= 32, "look_back", LookBack, "1 to 32");
        Require(RaiseAfter >= 1 && RaiseAfter <= LookBack, "raise_after", RaiseAfter, "1 to look_back");
        Require(ClearRatio is > 0 and <= 1, "clear_ratio", ClearRatio, "above 0, at most 1");
        Require(ClearAfter is >= 1 and <= 32, "clear_after", ClearAfter, "1 to 32");
        Require(CoolDown is >= 0 and <= 1000, "cool_down", CoolDown, "0 to 1,000 windows");
        Require(ProvisionalRows >= 500, "provisional_rows", ProvisionalRows, "500 or more");
        Require(Enum.IsDefined(Season), "season", Season, "none, day or week");
        Require(
            Season == Season.None || (SeasonWindows is >= 1 and <= MaximumSeasonWindows && Window * SeasonWindows == (Season == Season.Day ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7))),
            "season", Season, $"a whole number of windows, at most {MaximumSeasonWindows}");
        return errors;

        void Require(bool holds, string name, object? value, string range)
        {
            if (!holds)
            {
                errors.Add(GridError.Invalid($"monitoring.{name}", $"is {value}.", $"Use {range}."));
            }
        }
    }

    /// <summary>Start of the window that a time is in.</summary>
    public DateTimeOffset WindowStart(DateTimeOffset time)
    {
        var ticks = (time - Origin).Ticks;
        var whole = Math.DivRem(ticks, Window.Ticks, out var rest);
        return Origin.AddTicks((rest < 0 ? whole - 1 : whole) * Window.Ticks);
    }
}
