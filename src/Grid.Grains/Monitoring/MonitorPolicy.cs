using Grid.Inference.Manifests;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Grains.Monitoring;

/// <summary>When a version's monitor speaks up, and when its model may be trained again while it is live. Immutable.</summary>
/// <param name="Drift">Windows and tests.</param>
/// <param name="Retraining">Trainings.</param>
internal sealed record MonitorPolicy(MonitorOptions Drift, RetrainOptions Retraining)
{
    /// <summary>
    /// What a version's manifest says, and for the rest what the silo does; where the rest does not go together with what is said, as near to it as it can.
    /// </summary>
    public static MonitorPolicy Of(MonitoringOptions silo, ModelManifest? manifest) =>
        new(With(silo.Drift, manifest?.Monitoring), With(silo.Retraining, manifest?.Retraining));

    /// <summary>What is wrong with both together; each alone has been checked before.</summary>
    public IEnumerable<GridError> Check() => Drift.Check().Concat(Retraining.Check())
        .Select(static error => error with { Message = $"{error.Message} (What the manifest leaves out is as the silos have it.)" });

    private static MonitorOptions With(MonitorOptions silo, ManifestMonitoring? own)
    {
        if (own is null)
        {
            return silo;
        }

        var window = own.WindowMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : silo.Window;
        var measure = own.Measure is { } named ? Enum.Parse<DriftMeasure>(named.ToString()) : silo.Measure;

        // Thresholds are in the unit of their measure: those of another one say nothing.
        var isSameMeasure = measure == silo.Measure;
        return silo with
        {
            Window = window,
            Grace = silo.Grace < window ? silo.Grace : window,
            MinimumRows = own.MinRows ?? silo.MinimumRows,
            MinimumOutcomes = own.MinOutcomes ?? silo.MinimumOutcomes,
            MinimumEffectiveSamples = own.MinEffectiveSamples ?? silo.MinimumEffectiveSamples,
            Measure = measure,
            FeatureThreshold = own.FeatureThreshold ?? (isSameMeasure ? silo.FeatureThreshold : null),
            OutputThreshold = own.OutputThreshold ?? (isSameMeasure ? silo.OutputThreshold : null),
            RateThreshold = own.RateThreshold ?? silo.RateThreshold,
            AucThreshold = own.AucThreshold ?? silo.AucThreshold,
            LossThreshold = own.LossThreshold ?? silo.LossThreshold,
            CalibrationThreshold = own.CalibrationThreshold ?? silo.CalibrationThreshold,
            LookBack = own.LookBack ?? Math.Max(silo.LookBack, own.RaiseAfter ?? 1),
            RaiseAfter = own.RaiseAfter ?? Math.Min(silo.RaiseAfter, own.LookBack ?? silo.LookBack),
            ClearAfter = own.ClearAfter ?? silo.ClearAfter,
            CoolDown = own.CoolDown ?? silo.CoolDown,
            Season = own.Season is { } season ? Enum.Parse<Season>(season.ToString()) : silo.Season,
        };
    }

    private static RetrainOptions With(RetrainOptions silo, ManifestRetraining? own)
    {
        if (own is null)
        {
            return silo;
        }

        TimeSpan? coolDown = own.CoolDownHours is { } hours ? TimeSpan.FromHours(hours) : null;
        TimeSpan? backOff = own.MaxBackOffHours is { } most ? TimeSpan.FromHours(most) : null;
        return silo with
        {
            Enabled = own.Enabled ?? silo.Enabled,
            InputDriftShare = own.InputDriftShare ?? silo.InputDriftShare,
            DataVolume = own.DataVolume ?? silo.DataVolume,
            MaximumAge = own.MaxAgeDays is { } days ? TimeSpan.FromDays(days) : silo.MaximumAge,
            MinimumRows = own.MinRows ?? silo.MinimumRows,
            Budget = own.Budget ?? silo.Budget,
            BudgetPeriod = own.BudgetDays is { } period ? TimeSpan.FromDays(period) : silo.BudgetPeriod,
            CoolDown = coolDown ?? (backOff < silo.CoolDown ? backOff.Value : silo.CoolDown),
            MaximumBackOff = backOff ?? (coolDown > silo.MaximumBackOff ? coolDown.Value : silo.MaximumBackOff),
        };
    }
}
