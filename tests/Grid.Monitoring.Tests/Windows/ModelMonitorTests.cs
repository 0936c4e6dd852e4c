using Grid.Monitoring.Feeding;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Windows;

public sealed class ModelMonitorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DriftFreeStreams_RarelyAlarm(int seed)
    {
        // 60 models x 40 windows x 6 columns.
        var random = new Random(seed);
        int raised = 0, hits = 0, tests = 0;
        for (var model = 0; model < 60; model++)
        {
            var baseline = Streams.Baseline(5000, random);
            var monitor = Streams.Monitor(baseline);
            for (var hour = 0; hour < 40; hour++)
            {
                monitor.Merge(Streams.Window(monitor.Layout, hour, 600, random), Streams.Start.AddHours(hour + 1));
                raised += monitor.Advance(Streams.Start.AddHours(hour + 2)).Count(static s => s.Status == SignalStatus.Open);
                tests += monitor.LastReport!.Findings.Count(static f => f.Tested);
                hits += monitor.LastReport!.Findings.Count(static f => f.Hit);
            }
        }

        output.WriteLine($"seed {seed}: {raised} signals, {hits} window hits in {tests} tests of 2,400 windows");
        Assert.True(raised == 0, $"seed {seed}: {raised} false signals");
        Assert.True(hits <= 2, $"seed {seed}: {hits} false hits in {tests} tests");
    }

    [Fact]
    public void SignificanceAlone_StaysNearItsRate()
    {
        // Any effect on a distribution counts here, so that what is left is the tests' own error: 1 % for each of two families. (Rates keep their minimum
        // effect: below a few hits a z test has no error rate to speak of.)
        const int Seed = 12, Windows = 3000;
        var random = new Random(Seed);
        var options = new MonitorOptions { FeatureThreshold = 1e-9, OutputThreshold = 1e-9 };
        var baseline = Streams.Baseline(200_000, random, exact: true);
        var loud = 0;
        for (var hour = 0; hour < Windows; hour++)
        {
            var delta = Streams.Window(baseline.Layout(), hour, 1000, random);
            loud += DriftTests.Evaluate(baseline, delta.Total, options, delta.From, delta.To).Any(static f => f.Hit) ? 1 : 0;
        }

        output.WriteLine($"seed {Seed}: {loud} of {Windows} windows have a significant test");
        Assert.True(loud <= 0.04 * Windows, $"seed {Seed}: {loud} of {Windows}");
        Assert.True(loud > 0, "a test that can never hit shows nothing");
    }

    [Fact]
    public void InjectedDrift_IsRaisedOnceAfterTwoWindows_AndClearedWhenItIsOver()
    {
        var random = new Random(3);
        var monitor = Streams.Monitor(Streams.Baseline(20_000, random));
        var changes = new List<(int Hour, Signal Signal)>();
        for (var hour = 0; hour < 30; hour++)
        {
            monitor.Merge(Streams.Window(monitor.Layout, hour, 2000, random, shift: hour is >= 10 and < 20 ? 0.8 : 0), Streams.Start.AddHours(hour + 1));
            changes.AddRange(monitor.Advance(Streams.Start.AddHours(hour + 2)).Select(s => (hour, s)));
        }

        var feature = changes.Where(static c => c.Signal.Evidence is { Column: "f0", Statistic: "psi" }).ToArray();
        Assert.Equal(11, feature[0].Hour);
        Assert.Equal(SignalStatus.Cleared, feature[^1].Signal.Status);
        Assert.Equal(21, feature[^1].Hour);
        Assert.Single(feature.Select(static f => f.Signal.Id).Distinct());
        Assert.Contains(changes, static c => c.Signal.Type == SignalType.PredictionDrift && c.Hour == 11);
        Assert.DoesNotContain(changes, static c => c.Signal.Evidence.Column is "f1" or "f2" or "f3" or "f4");
        Assert.Empty(monitor.OpenSignals);
    }

    [Fact]
    public void MissingValues_HoldDriftUntilTheyAreCleared()
    {
        var random = new Random(4);
        var monitor = Streams.Monitor(Streams.Baseline(20_000, random));
        var changes = new List<Signal>();
        for (var hour = 0; hour < 6; hour++)
        {
            monitor.Merge(Streams.Window(monitor.Layout, hour, 2000, random, shift: 1, missing: 0.3), Streams.Start.AddHours(hour + 1));
            changes.AddRange(monitor.Advance(Streams.Start.AddHours(hour + 2)));
        }

        Assert.Contains(changes, static s => s.Type == SignalType.MissingValues && s.Evidence.Column == "f0");
        Assert.DoesNotContain(changes, static s => s.Type is SignalType.FeatureDrift or SignalType.PredictionDrift);
        Assert.True(monitor.LastReport!.Held);
    }

    [Fact]
    public void Deltas_CountOnce_InAnyOrder()
    {
        var random = new Random(5);
        var monitor = Streams.Monitor(Streams.Baseline(5000, random));
        var now = Streams.Start.AddMinutes(30);
        SketchDelta Delta(long epoch, long sequence) => Streams.Window(monitor.Layout, 0, 10, random) with { Epoch = epoch, Sequence = sequence };
        Assert.Equal(MergeOutcome.Merged, monitor.Merge(Delta(1, 1), now));
        Assert.Equal(MergeOutcome.Merged, monitor.Merge(Delta(1, 3), now));
        Assert.Equal(MergeOutcome.Duplicate, monitor.Merge(Delta(1, 3), now));
        Assert.Equal(MergeOutcome.Merged, monitor.Merge(Delta(1, 2), now));
        Assert.Equal(MergeOutcome.Duplicate, monitor.Merge(Delta(1, 2), now));
        Assert.Equal(MergeOutcome.Merged, monitor.Merge(Delta(2, 1), now));
        Assert.Equal(MergeOutcome.Stale, monitor.Merge(Delta(1, 4), now));
        Assert.Equal(MergeOutcome.Refused, monitor.Merge(Streams.Window(monitor.Layout, 9, 10, random) with { Epoch = 2 }, now));
    }

    [Fact]
    public void StoredState_GoesOnAsIfNothingHadHappened()
    {
        var random = new Random(6);
        var baseline = Streams.Baseline(20_000, random);
        var whole = Streams.Monitor(baseline);
        var stored = Streams.Monitor(baseline);
        for (var hour = 0; hour < 24; hour++)
        {
            var delta = Streams.Window(whole.Layout, hour, 1000, random, shift: hour is > 5 and < 15 ? 0.8 : 0);
            foreach (var monitor in new[] { whole, stored })
            {
                monitor.Merge(delta, Streams.Start.AddHours(hour + 1));
                monitor.Merge(Outcomes(hour, hour > 8 ? 0.9 : 0.2, new Random(hour)), Streams.Start.AddHours(hour + 1), out _);
            }

            stored = ModelMonitor.Load(Streams.Monitor(baseline), stored.Save());
            Assert.Equal(MergeOutcome.Duplicate, stored.Merge(delta, Streams.Start.AddHours(hour + 1)));
            Assert.Equal(whole.Advance(Streams.Start.AddHours(hour + 2)), stored.Advance(Streams.Start.AddHours(hour + 2)));
            Assert.Equal(whole.Save(), stored.Save());
        }

        Assert.NotEmpty(whole.ClearedSignals);
        Assert.Contains(whole.OpenSignals, static s => s.Type == SignalType.Performance);
    }

    [Fact]
    public void StateOfWindowsOfAnotherLength_JoinsTheNextWindow()
    {
        var random = new Random(11);
        var baseline = Streams.Baseline(5000, random);
        var hourly = Streams.Monitor(baseline);
        hourly.Merge(Streams.Window(hourly.Layout, 12, 600, random), Streams.Start.AddHours(13));
        hourly.Advance(Streams.Start.AddHours(14));
        hourly.Merge(Streams.Window(hourly.Layout, 14, 600, random), Streams.Start.AddHours(15));

        var daily = ModelMonitor.Load(Streams.Monitor(baseline, new MonitorOptions { Window = TimeSpan.FromDays(1) }), hourly.Save());
        Assert.Equal(600, daily.OpenRows);
        Assert.Equal(MergeOutcome.Merged, daily.Merge(Streams.Window(daily.Layout, 24, 700, random), Streams.Start.AddHours(25)));
        daily.Advance(Streams.Start.AddHours(49));
        Assert.Equal((1300L, Streams.Start.AddHours(14), Streams.Start.AddHours(48)), (daily.LastReport!.Rows, daily.LastReport.From, daily.LastReport.To));
    }

    [Fact]
    public void ASignalOfAMeasureThatIsNoLongerMade_IsCleared()
    {
        var random = new Random(10);
        var baseline = Streams.Baseline(20_000, random);
        var monitor = Streams.Monitor(baseline);
        for (var hour = 0; hour < 4; hour++)
        {
            if (hour == 3)
            {
                Assert.Contains(monitor.OpenSignals, static s => s.Evidence.Statistic == "psi");
                monitor = ModelMonitor.Load(Streams.Monitor(baseline, new MonitorOptions { Measure = DriftMeasure.Hellinger }), monitor.Save());
            }

            monitor.Merge(Streams.Window(monitor.Layout, hour, 2000, random, shift: 0.8), Streams.Start.AddHours(hour + 1));
            monitor.Advance(Streams.Start.AddHours(hour + 2));
        }

        Assert.DoesNotContain(monitor.OpenSignals, static s => s.Evidence.Statistic == "psi");
        Assert.Contains(monitor.ClearedSignals, static s => s.Evidence is { Column: "f0", Statistic: "psi" });
    }

    [Fact]
    public void StateOfAnotherBaseline_IsRefused()
    {
        var saved = Streams.Monitor(Streams.Baseline(5000, new Random(1))).Save();
        Assert.Throws<GridException>(() => ModelMonitor.Load(Streams.Monitor(Streams.Baseline(5000, new Random(2))), saved));
    }

    [Fact]
    public void WithoutABaseline_OneIsLearned_AndDriftIsFoundProvisionally()
    {
        var random = new Random(7);
        var monitor = new ModelMonitor(Streams.Version, default, Enumerable.Range(0, Streams.Features).Select(static i => $"f{i}"), ["p"], new MonitorOptions());
        var changes = new List<Signal>();
        for (var hour = 0; hour < 12; hour++)
        {
            var delta = Streams.Window(monitor.Layout, hour, 3000, random, shift: hour > 5 ? 1 : 0);
            if (monitor.Baseline is null)
            {
                var detailed = new SketchSet(monitor.Layout);
                for (var i = 0; i < 3000; i++)
                {
                    detailed.AddRow([.. Enumerable.Range(0, Streams.Features + 1).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2)], []);
                }

                delta = delta with { Total = detailed };
            }

            Assert.Equal(MergeOutcome.Merged, monitor.Merge(delta, Streams.Start.AddHours(hour + 1)));
            changes.AddRange(monitor.Advance(Streams.Start.AddHours(hour + 2)));
        }

        Assert.True(monitor.Baseline!.Provisional);
        Assert.Equal(6000, monitor.Baseline.Rows);
        Assert.Contains(changes, static s => s.Evidence.Column == "f0" && s.ProvisionalReference);
    }

    [Fact]
    public void SmallWindows_JoinTheNext()
    {
        var random = new Random(8);
        var monitor = Streams.Monitor(Streams.Baseline(5000, random));
        for (var hour = 0; hour < 3; hour++)
        {
            monitor.Merge(Streams.Window(monitor.Layout, hour, 200, random), Streams.Start.AddHours(hour + 1));
            monitor.Advance(Streams.Start.AddHours(hour + 2));
        }

        Assert.Equal(600, monitor.LastReport!.Rows);
        Assert.Equal(Streams.Start, monitor.LastReport.From);
    }

    [Fact]
    public void Seasons_CompareWithTheSameHourBefore()
    {
        var random = new Random(9);
        var options = new MonitorOptions { Season = Season.Day, Window = TimeSpan.FromHours(6) };
        var monitor = Streams.Monitor(Streams.Baseline(20_000, random), options);
        var changes = new List<Signal>();
        for (var window = 0; window < 24; window++)
        {
            // Every night is different from every day, and every day is alike.
            var delta = Streams.Window(monitor.Layout, window * 6, 2000, random, shift: window % 4 == 0 ? 1.5 : 0);
            monitor.Merge(delta, delta.To);
            changes.AddRange(monitor.Advance(Streams.Start.AddHours((6 * (window + 1)) + 1)).Where(static s => s.Type is SignalType.FeatureDrift or SignalType.PredictionDrift));
        }

        Assert.Empty(changes);
    }

    [Fact]
    public void BadOptions_AreAllNamed()
    {
        var errors = new MonitorOptions { Window = TimeSpan.Zero, RateThreshold = double.NaN, LookBack = 0, FalseDiscoveryRate = 0.5 }.Check();
        Assert.Equal(["monitoring.window", "monitoring.rate_threshold", "monitoring.false_discovery_rate", "monitoring.look_back"], errors.Select(static e => e.Target).Intersect(["monitoring.window", "monitoring.rate_threshold", "monitoring.false_discovery_rate", "monitoring.look_back"]));
        Assert.Empty(new MonitorOptions().Check());
    }

    private static PerformanceDelta Outcomes(int hour, double noise, Random random)
    {
        var performance = new BinaryPerformance();
        for (var i = 0; i < 600; i++)
        {
            var label = random.NextDouble() < 0.5;
            performance.Add(random.NextDouble() < noise ? random.NextDouble() : label ? 0.9 : 0.1, label);
        }

        return new PerformanceDelta("joiner", 1, hour + 1, Streams.Start.AddHours(hour), performance, null);
    }
}
