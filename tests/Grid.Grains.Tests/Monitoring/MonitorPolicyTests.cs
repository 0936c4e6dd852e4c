using System.Reflection;
using Grid.Grains.Monitoring;
using Grid.Inference.Manifests;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Windows;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>What a manifest says goes before what the silo says, and both have the same ranges.</summary>
public sealed class MonitorPolicyTests
{
    private static readonly (string Property, object[] Allowed, object[] Refused)[] Monitoring =
    [
        (nameof(ManifestMonitoring.WindowMinutes), [1.0, 44_640.0], [0.99, 44_641.0]),
        (nameof(ManifestMonitoring.MinRows), [50], [49]),
        (nameof(ManifestMonitoring.MinOutcomes), [50], [49]),
        (nameof(ManifestMonitoring.MinEffectiveSamples), [10.0], [9.9, double.NaN]),
        (nameof(ManifestMonitoring.Measure), [.. Enum.GetValues<ManifestMeasure>().Cast<object>()], [(ManifestMeasure)7]),
        (nameof(ManifestMonitoring.FeatureThreshold), [1e-9, double.PositiveInfinity], [0.0, double.NaN]),
        (nameof(ManifestMonitoring.OutputThreshold), [1e-9, double.PositiveInfinity], [0.0, double.NaN]),
        (nameof(ManifestMonitoring.RateThreshold), [1e-9, 1.0], [0.0, 1.01, double.NaN]),
        (nameof(ManifestMonitoring.AucThreshold), [1e-9, 1.0], [0.0, 1.01, double.NaN]),
        (nameof(ManifestMonitoring.LossThreshold), [1e-9, 50.0], [0.0, double.NaN]),
        (nameof(ManifestMonitoring.CalibrationThreshold), [1e-9, 1.0], [0.0, 1.01, double.NaN]),
        (nameof(ManifestMonitoring.LookBack), [1, 32], [0, 33]),
        (nameof(ManifestMonitoring.RaiseAfter), [1, 32], [0, 33]),
        (nameof(ManifestMonitoring.ClearAfter), [1, 32], [0, 33]),
        (nameof(ManifestMonitoring.CoolDown), [0, 1000], [-1, 1001]),
        (nameof(ManifestMonitoring.Season), [.. Enum.GetValues<ManifestSeason>().Cast<object>()], [(ManifestSeason)3]),
    ];

    private static readonly (string Property, object[] Allowed, object[] Refused)[] Retraining =
    [
        (nameof(ManifestRetraining.Enabled), [true, false], []),
        (nameof(ManifestRetraining.InputDriftShare), [1e-9, 1.0], [0.0, 1.01, double.NaN]),
        (nameof(ManifestRetraining.DataVolume), [1], [0]),
        (nameof(ManifestRetraining.MaxAgeDays), [0.01, 36_500.0], [0.0, -1.0]),
        (nameof(ManifestRetraining.MinRows), [1], [0]),
        (nameof(ManifestRetraining.Budget), [1, 1000], [0, 1001]),
        (nameof(ManifestRetraining.BudgetDays), [0.01, 36_500.0], [0.0, -1.0]),
        (nameof(ManifestRetraining.CoolDownHours), [0.0, 876_000.0], [-1.0]),
        (nameof(ManifestRetraining.MaxBackOffHours), [0.0, 876_000.0], [-1.0]),
    ];

    [Fact]
    public void RangesOfTheManifest_AreThoseOfTheSilosOptions()
    {
        Agree<ManifestMonitoring>(Monitoring, static m => new ModelManifest { Monitoring = m });
        Agree<ManifestRetraining>(Retraining, static r => new ModelManifest { Retraining = r });

        static void Agree<T>((string Property, object[] Allowed, object[] Refused)[] rows, Func<T, ModelManifest> manifestOf)
            where T : new()
        {
            // A new entry needs a row here.
            Assert.Equal(Properties<T>().Select(static p => p.Name), rows.Select(static row => row.Property));
            foreach (var (property, value, isAllowed) in rows.SelectMany(static row => row.Allowed.Select(v => (row.Property, v, true)).Concat(row.Refused.Select(v => (row.Property, v, false)))))
            {
                var section = new T();
                typeof(T).GetProperty(property)!.SetValue(section, value);
                var manifest = manifestOf(section);
                var refusal = Record.Exception(() => ModelManifest.FromJson(manifest.ToJson()));
                Assert.True(isAllowed ? refusal is null : refusal is GridException, $"manifest: {property} = {value}: {refusal}");
                Assert.True(isAllowed == !MonitorPolicy.Of(new MonitoringOptions(), manifest).Check().Any(), $"options: {property} = {value}");
            }
        }
    }

    [Fact]
    public void EveryEntry_ReachesItsOption_AndWhatIsLeftOutIsTheSilos()
    {
        var silo = new MonitoringOptions
        {
            Drift = new MonitorOptions { Window = TimeSpan.FromHours(2), MinimumRows = 77, OutputThreshold = 0.3, LookBack = 4, FalseDiscoveryRate = 0.02, Origin = DateTimeOffset.UnixEpoch },
            Retraining = new RetrainOptions { Budget = 3, MaximumAge = TimeSpan.FromDays(9) },
        };
        Assert.Equal(new MonitorPolicy(silo.Drift, silo.Retraining), MonitorPolicy.Of(silo, null));
        Assert.Equal(new MonitorPolicy(silo.Drift, silo.Retraining), MonitorPolicy.Of(silo, new ModelManifest()));
        foreach (var (property, allowed, _) in Monitoring.Concat(Retraining))
        {
            // Each value that is not what the silo has changes something.
            var policies = allowed.Select(value =>
            {
                var monitoring = typeof(ManifestMonitoring).GetProperty(property) is { } p && Monitoring.Any(row => row.Property == property && row.Allowed == allowed) ? With(new ManifestMonitoring(), p, value) : null;
                var retraining = monitoring is null ? With(new ManifestRetraining(), typeof(ManifestRetraining).GetProperty(property)!, value) : null;
                return MonitorPolicy.Of(silo, new ModelManifest { Monitoring = monitoring, Retraining = retraining });
            });
            Assert.Contains(policies, policy => policy != MonitorPolicy.Of(silo, null));
        }

        var own = MonitorPolicy.Of(silo, ModelManifest.Parse("monitoring: { window_minutes: 30, min_outcomes: 90 }\nretraining: { enabled: false }"));
        Assert.Equal(silo.Drift with { Window = TimeSpan.FromMinutes(30), MinimumOutcomes = 90 }, own.Drift);
        Assert.Equal(silo.Retraining with { Enabled = false }, own.Retraining);

        static T With<T>(T section, PropertyInfo property, object value)
        {
            property.SetValue(section, value);
            return section;
        }
    }

    [Fact]
    public void WhatIsLeftOut_GivesWay_ToWhatIsSaid()
    {
        var silo = new MonitoringOptions { Drift = new MonitorOptions { Grace = TimeSpan.FromMinutes(10), OutputThreshold = 0.3 } };
        Assert.Equal((1, 1), Of("monitoring: { look_back: 1 }", static p => (p.Drift.LookBack, p.Drift.RaiseAfter)));
        Assert.Equal((5, 5), Of("monitoring: { raise_after: 5 }", static p => (p.Drift.LookBack, p.Drift.RaiseAfter)));
        Assert.Equal(TimeSpan.FromMinutes(2), Of("monitoring: { window_minutes: 2 }", static p => p.Drift.Grace));
        Assert.Null(Of("monitoring: { measure: hellinger }", static p => p.Drift.OutputThreshold));
        Assert.Equal(0.3, Of("monitoring: { measure: psi }", static p => p.Drift.OutputThreshold));
        Assert.Equal(TimeSpan.FromDays(30), Of("retraining: { cool_down_hours: 720 }", static p => p.Retraining.MaximumBackOff));
        Assert.Equal(TimeSpan.FromHours(1), Of("retraining: { max_back_off_hours: 1 }", static p => p.Retraining.CoolDown));

        T Of<T>(string yaml, Func<MonitorPolicy, T> figure)
        {
            var policy = MonitorPolicy.Of(silo, ModelManifest.Parse(yaml));
            Assert.Empty(policy.Check());
            return figure(policy);
        }
    }

    [Fact]
    public void ASeasonThatDoesNotFitTheSilosWindow_IsNamed()
    {
        var error = Assert.Single(MonitorPolicy.Of(new MonitoringOptions { Drift = new MonitorOptions { Window = TimeSpan.FromMinutes(7) } }, ModelManifest.Parse("monitoring: { season: day }")).Check());
        Assert.Equal("monitoring.season", error.Target);
        Assert.Contains("as the silos have it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheExampleOfTheReadme_IsAPolicy()
    {
        var example = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split("```").Single(static block => block.TrimStart().StartsWith("monitoring:", StringComparison.Ordinal));
        var manifest = ModelManifest.Parse(example);
        Assert.Empty(MonitorPolicy.Of(new MonitoringOptions(), manifest).Check());
        Assert.NotNull(manifest.Monitoring);
        Assert.NotNull(manifest.Retraining);
    }

    private static IEnumerable<PropertyInfo> Properties<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.SetMethod is not null);
}
