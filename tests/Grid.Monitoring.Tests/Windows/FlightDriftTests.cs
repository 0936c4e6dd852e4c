using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Windows;

public sealed class FlightDriftTests
{
    private static readonly DateTimeOffset FirstStormWeek = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 14)]
    public void StormsOfFebruary_RaisePredictionDrift_AndNothingBefore(int raiseAfter, int daysAfterTheStormBegan)
    {
        var signals = Run(new MonitorOptions { Window = TimeSpan.FromDays(7), RaiseAfter = raiseAfter });
        var raised = signals.First(static s => s.Type == SignalType.PredictionDrift);
        Assert.Equal(FirstStormWeek.AddDays(daysAfterTheStormBegan), raised.OpenedAt);
        Assert.Equal("psi", raised.Evidence.Statistic);
        Assert.True(raised.Evidence.P < 1e-9);
    }

    [Fact]
    public void FeaturesThatRepeatFromRowToRow_DoNotAlarmForEver()
    {
        // Its PSI is above the threshold in most weeks, and never says more than a few weeks' worth of weather.
        var signals = Run(new MonitorOptions { Window = TimeSpan.FromDays(7) });
        Assert.DoesNotContain(signals, static s => s.Evidence.Column is "o_late_7d" or "o_n_7d" or "o_dep_24h");
        Assert.DoesNotContain(signals, static s => s.IsDataQuality);
    }

    [Fact]
    public void WithoutEffectiveSamples_TheyWould()
    {
        var week = FlightWeeks.All[1].Sketches;
        var findings = DriftTests.Evaluate(FlightWeeks.Baseline, week.Total, new MonitorOptions(), week.From, week.To);
        var feature = findings.Single(static f => f.Evidence is { Column: "o_n_7d", Statistic: "psi" });
        Assert.False(feature.Tested);
        Assert.True(feature.Evidence.Value > 0.2);
        Assert.True(feature.Evidence.EffectiveSamples < 10 && feature.Evidence.Samples > 20_000);
    }

    [Theory]
    [InlineData("2001-01-08", 0.05798, 0.797948, 0.443454)]
    [InlineData("2001-02-12", 0.120015, 0.750767, 0.4986)]
    [InlineData("2001-02-26", 0.183367, 0.753625, 0.513232)]
    public void WeeklyFigures_AreTheTrainers(string monday, double psi, double auc, double logLoss)
    {
        var (sketches, performance) = FlightWeeks.All.Single(w => w.Sketches.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) == monday);
        var findings = DriftTests.Evaluate(FlightWeeks.Baseline, sketches.Total, new MonitorOptions(), sketches.From, sketches.To);
        Assert.Equal(psi, findings.Single(static f => f.Type == SignalType.PredictionDrift).Evidence.Value, 1e-5);
        Assert.Equal(auc, performance.Binary!.Auc, 1e-3);
        Assert.Equal(logLoss, performance.Binary.LogLoss, 1e-5);
    }

    private static List<Signal> Run(MonitorOptions options)
    {
        var monitor = new ModelMonitor(new VersionKey("default", "flights-late", "1"), default, FlightWeeks.Baseline, options);
        var signals = new List<Signal>();
        foreach (var (week, _) in FlightWeeks.All)
        {
            Assert.Equal(MergeOutcome.Merged, monitor.Merge(week, week.To));
            signals.AddRange(monitor.Advance(week.To + options.Grace));
        }

        return signals;
    }
}
