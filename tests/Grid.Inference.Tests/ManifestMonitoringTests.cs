using Grid.Inference.Manifests;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

/// <summary>The sections <c>monitoring</c> and <c>retraining</c>.</summary>
public sealed class ManifestMonitoringTests
{
    [Fact]
    public void Monitoring_IsReadWhole_AndWhatIsLeftOutSaysNothing()
    {
        var monitoring = ModelManifest.Parse(
            """
            monitoring:
              { window_minutes: 90, min_rows: 60, min_outcomes: 70, min_effective_samples: 20, measure: jensen_shannon, feature_threshold: 0.3, output_threshold: 0.15, rate_threshold: 0.05,
                auc_threshold: 0.04, loss_threshold: 0.2, calibration_threshold: 0.06, look_back: 5, raise_after: 4, clear_after: 3, cool_down: 1, season: day }
            """).Monitoring;

        Assert.Equal(
            new ManifestMonitoring
            {
                WindowMinutes = 90, MinRows = 60, MinOutcomes = 70, MinEffectiveSamples = 20, Measure = ManifestMeasure.JensenShannon, FeatureThreshold = 0.3, OutputThreshold = 0.15, RateThreshold = 0.05,
                AucThreshold = 0.04, LossThreshold = 0.2, CalibrationThreshold = 0.06, LookBack = 5, RaiseAfter = 4, ClearAfter = 3, CoolDown = 1, Season = ManifestSeason.Day,
            },
            monitoring);
        Assert.Equal(new ManifestMonitoring { MinRows = 60 }, ModelManifest.Parse("monitoring: { min_rows: 60 }").Monitoring);
    }

    [Fact]
    public void Retraining_IsReadWhole_AndWhatIsLeftOutSaysNothing()
    {
        var retraining = ModelManifest.Parse(
            "retraining: { enabled: false, input_drift_share: 0.5, data_volume: 9000, max_age_days: 30, min_rows: 200, budget: 2, budget_days: 14, cool_down_hours: 12, max_back_off_hours: 96 }").Retraining;

        Assert.Equal(
            new ManifestRetraining
            {
                Enabled = false, InputDriftShare = 0.5, DataVolume = 9000, MaxAgeDays = 30, MinRows = 200, Budget = 2, BudgetDays = 14, CoolDownHours = 12, MaxBackOffHours = 96,
            },
            retraining);
        Assert.Equal(new ManifestRetraining { Enabled = true }, ModelManifest.Parse("retraining: { enabled: true }").Retraining);
    }

    [Fact]
    public void AManifestWithoutThem_KeepsItsDigest()
    {
        // Pinned from before there were such sections: versions that are registered keep what they were registered under.
        Assert.Equal("sha256:8ee81fcd09d1258ebb6b5aaf2ee07b9e02aceafa78e84e9e8b40fd3d7a19c192", new ModelManifest().Digest().ToString());
        Assert.Equal(new ModelManifest().Digest(), ModelManifest.Parse("monitoring: {}\nretraining: {}").Digest());
        var sample = ModelManifest.Parse(File.ReadAllText(Path.Combine(TestFiles.Flights("1"), "model.yaml")));
        Assert.DoesNotContain("monitoring", sample.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("retraining", sample.ToYaml(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("monitoring: { window_minutes: 0.5 }", "monitoring.window_minutes", "0.5")]
    [InlineData("monitoring: { window_minutes: 44641 }", "monitoring.window_minutes", "44641")]
    [InlineData("monitoring: { min_rows: 49 }", "monitoring.min_rows", "49")]
    [InlineData("monitoring: { measure: ks }", "monitoring.measure", "ks")]
    [InlineData("monitoring: { feature_threshold: .nan }", "monitoring.feature_threshold", "NaN")]
    [InlineData("monitoring: { look_back: 2, raise_after: 3 }", "monitoring.raise_after", "3")]
    [InlineData("monitoring: { season: year }", "monitoring.season", "year")]
    [InlineData("monitoring: { window: 60 }", "monitoring.window", "unknown")]
    [InlineData("monitoring: 5", "monitoring", "no mapping")]
    [InlineData("retraining: { enabled: perhaps }", "retraining.enabled", "perhaps")]
    [InlineData("retraining: { budget: 0 }", "retraining.budget", "0")]
    [InlineData("retraining: { cool_down_hours: 5, max_back_off_hours: 4 }", "retraining.max_back_off_hours", "4")]
    [InlineData("retraining: { max_age_days: .inf }", "retraining.max_age_days", "Infinity")]
    public void WhatCannotBe_IsRefusedByPath_WithItsValueAndTheFix(string yaml, string path, string value)
    {
        var error = Assert.Single(Assert.Throws<GridException>(() => ModelManifest.Parse(yaml)).Errors);
        Assert.Equal($"model.yaml: {path}", error.Target);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public void MistakesOfBoth_AreAllReported()
    {
        var errors = Assert.Throws<GridException>(() => ModelManifest.Parse("monitoring: { auc_threshold: 2, cool_down: -1 }\nretraining: { min_rows: 0 }")).Errors;
        Assert.Equal(["model.yaml: monitoring.auc_threshold", "model.yaml: monitoring.cool_down", "model.yaml: retraining.min_rows"], errors.Select(static e => e.Target));
    }
}
