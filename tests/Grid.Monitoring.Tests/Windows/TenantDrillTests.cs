using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Windows;

namespace Grid.Monitoring.Tests.Windows;

/// <summary>Which tenants carry what a model shows.</summary>
public sealed class TenantDrillTests
{
    private const int Seed = 41;

    /// <summary>The format number of what is sealed.</summary>
    private const int FormatAt = 4;

    private static readonly MonitorOptions Options = new() { FeatureThreshold = 0.03, OutputThreshold = 0.03 };

    private static readonly string[] Six = ["a", "b", "c", "d", "e", "f"];

    [Fact]
    public void OfSixTenants_TheOneThatShifts_IsNamed_FromTheWindowAfterItFired()
    {
        var random = new Random(Seed);
        var stream = new TenantStream(Streams.Baseline(20_000, random), Options, Six, random);
        for (var hour = 0; hour < 5; hour++)
        {
            // Two loud windows open it. Until then nothing is kept tenant by tenant, and what is sent is what it always was.
            var (delta, changes) = stream.Hour(tenant => tenant == "d" && hour >= 3 ? 1.5 : 0);
            Assert.Empty(delta.Tenants);
            Assert.Equal(1, delta.ToBytes()[FormatAt]);
            Assert.Equal(1, stream.Monitor.Save()[FormatAt]);
            Assert.All(changes, static s => Assert.Null(s.Evidence.Tenants));
        }

        Assert.Equal([0, Streams.Features], stream.Monitor.TenantColumns.Order());
        var (watched, updates) = stream.Hour(static tenant => tenant == "d" ? 1.5 : 0);
        Assert.Equal(2, watched.ToBytes()[FormatAt]);
        Assert.All(watched.Tenants.Values, static sketch => Assert.Equal(6, sketch.Count));
        foreach (var column in (string[])["f0", "p"])
        {
            var evidence = updates.Single(s => s.Evidence.Column == column && s.Type is SignalType.FeatureDrift or SignalType.PredictionDrift).Evidence;
            var named = Assert.Single(evidence.Tenants!);
            Assert.Equal(("d", "psi", TenantStream.Rows / 6L, 1 / 6.0), (named.Tenant, named.Statistic, named.Samples, named.Share));
            Assert.True(named.Value > evidence.Value && named.Without < evidence.Threshold && named.P < 1e-6, $"seed {Seed}: {named}");
        }

        // Once it is cleared, nobody looks any longer.
        Signal[] cleared = [.. stream.Hour(static _ => 0).Changes, .. stream.Hour(static _ => 0).Changes];
        Assert.Contains(cleared, static s => s is { Type: SignalType.FeatureDrift, Status: SignalStatus.Cleared });
        Assert.Empty(stream.Monitor.TenantColumns);
        Assert.Empty(stream.Hour(static _ => 0).Delta.Tenants);
    }

    [Fact]
    public void ATenantThatSendsNoValues_IsNamedByItsRate()
    {
        var random = new Random(Seed);
        var stream = new TenantStream(Streams.Baseline(20_000, random), Options, Six, random);
        IReadOnlyList<Signal> changes = [];
        for (var hour = 0; hour < 3; hour++)
        {
            changes = stream.Hour(static _ => 0, tenant => tenant == "b" && random.NextDouble() < 0.6).Changes;
        }

        var named = Assert.Single(Assert.Single(changes, static s => s.Type == SignalType.MissingValues).Evidence.Tenants!);
        Assert.Equal(("b", "null_rate", 0.0), (named.Tenant, named.Statistic, named.Without));
        Assert.InRange(named.Value, 0.5, 0.7);
    }

    [Fact]
    public void WhereAllShift_AFewAreNamed_AndNoneMakesTheDifference()
    {
        var random = new Random(Seed);
        string[] tenants = [.. Enumerable.Range(0, 10).Select(static i => $"t{i}")];
        var stream = new TenantStream(Streams.Baseline(20_000, random), Options, tenants, random);
        IReadOnlyList<Signal> changes = [];
        for (var hour = 0; hour < 3; hour++)
        {
            changes = stream.Hour(static _ => 0.8).Changes;
        }

        var evidence = changes.First(static s => s.Type == SignalType.FeatureDrift).Evidence;
        Assert.Equal(5, evidence.Tenants!.Count);
        Assert.All(evidence.Tenants, t => Assert.True(t.Without > 0.8 * evidence.Value, $"seed {Seed}: {t}"));
    }

    [Fact]
    public void ATenantThatWasAlwaysUnlikeTheOthers_ComesAfterTheOneThatChanged()
    {
        // Training had both: "odd" a fifth of its rows, far from the rest.
        var random = new Random(Seed);
        var layout = SketchLayout.Unbinned(Enumerable.Range(0, Streams.Features).Select(static i => $"f{i}"), ["p"]);
        var trained = new SketchSet(layout);
        for (var i = 0; i < 20_000; i++)
        {
            trained.AddRow(Streams.Row(random, i % 5 == 0 ? -1.5 : 0), []);
        }

        var stream = new TenantStream(Baseline.Learn(trained), Options, ["odd", "new", "c", "d", "e"], random);
        IReadOnlyList<Signal> changes = [];
        for (var hour = 0; hour < 3; hour++)
        {
            changes = stream.Hour(static tenant => tenant switch { "odd" => -1.5, "new" => 1.5, _ => 0 }).Changes;
        }

        var named = changes.First(static s => s.Type == SignalType.FeatureDrift).Evidence.Tenants!;
        Assert.Equal("new", named[0].Tenant);
        Assert.True(named.First(static t => t.Tenant == "odd").Without > named[0].Without, $"seed {Seed}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheTenantWhosePredictionsAreWrong_IsNamed_OnceTheModelDoesWorse(bool isBinary)
    {
        var random = new Random(Seed);
        var baseline = Streams.Baseline(5000, random) with { Performance = isBinary ? new PerformanceReference(5000, LogLoss: 0.11) : new PerformanceReference(5000, Rmse: 1) };
        var monitor = Streams.Monitor(baseline);
        var changes = new List<Signal>();
        for (var hour = 0; hour < 3; hour++)
        {
            var (binary, regression) = (new BinaryPerformance(), new RegressionPerformance());
            var losses = monitor.WantsTenantLosses ? new TenantLosses(isBinary) : null;
            for (var i = 0; i < 1200; i++)
            {
                var (tenant, isWrong) = (Six[i % 6], i % 6 == 4 && random.Next(2) == 0);
                var (score, label) = isBinary ? (0.9, isWrong ? 0.0 : 1) : (random.NextDouble() * 3.4, isWrong ? 5.0 : 1.7);
                losses?.Add(tenant, score, label, null);
                if (isBinary)
                {
                    binary.Add(score, label > 0.5);
                }
                else
                {
                    regression.Add(score, label);
                }
            }

            Assert.Equal(hour == 2, losses is not null);
            var delta = new PerformanceDelta("joiner", 1, hour + 1, Streams.Start.AddHours(hour), isBinary ? binary : null, isBinary ? null : regression, losses);
            Assert.Equal(losses is null ? 1 : 2, delta.ToBytes()[FormatAt]);
            monitor.Merge(PerformanceDelta.FromBytes(delta.ToBytes()), Streams.Start.AddHours(hour + 1), out _);
            monitor = ModelMonitor.Load(Streams.Monitor(baseline), monitor.Save());
            changes.AddRange(monitor.Advance(Streams.Start.AddHours(hour + 2)));
        }

        Assert.Null(changes[0].Evidence.Tenants);
        var evidence = changes[^1].Evidence;
        var named = Assert.Single(evidence.Tenants!);
        Assert.Equal(("e", isBinary ? "log_loss" : "rmse", 200L, 1 / 6.0), (named.Tenant, named.Statistic, named.Samples, named.Share));
        Assert.True(named.Value > evidence.Value && named.Without < evidence.Reference * 1.1, $"seed {Seed}: {evidence} {named}");
    }

    [Fact]
    public void ACorrectedOutcome_TakesItsLossBack()
    {
        var (corrected, plain) = (new TenantLosses(isBinary: true), new TenantLosses(isBinary: true));
        corrected.Add("a", 0.8, 0, null);
        corrected.Add("a", 0.8, 1, replaced: 0);
        plain.Add("a", 0.8, 1, null);
        Assert.Equal((1L, 1L), (corrected.All.Count, corrected.Tenants.Single().Sum.Count));
        Assert.Equal(plain.All.Mean, corrected.All.Mean, 1e-12);
    }

    [Fact]
    public void TenThousandTenants_TakeTheRoomOfADozen_AndTheHeavyOneIsThere()
    {
        const int Deltas = 20, Rows = 4000;
        var random = new Random(Seed);
        var baseline = Streams.Baseline(5000, random);
        var monitor = Streams.Monitor(baseline);
        var feed = new PredictionFeed(Streams.Features + 1);
        var collector = new SketchCollector(feed, baseline.Layout(), "silo", 1, Streams.Start);
        collector.WatchTenants([0, 1, 2, 3, 4, 5]);
        var window = new TenantSketch(baseline.Layout().Columns[0], TenantSketch.WindowTenants);
        var heavy = 0;
        for (var i = 1; i <= Deltas; i++)
        {
            for (var r = 0; r < Rows; r++)
            {
                var isHeavy = random.Next(10) == 0;
                heavy += isHeavy ? 1 : 0;
                var row = Streams.Row(random, 0);
                feed.Offer(row.AsSpan(0, Streams.Features), row.AsSpan(Streams.Features), isHeavy ? "heavy" : $"t{random.Next(10_000)}");
            }

            collector.Drain();
            var delta = collector.Cut(Streams.Start.AddMinutes(i)).Single();
            Assert.Equal([0, 1, 2, 3], delta.Tenants.Keys);
            Assert.All(delta.Tenants.Values, static sketch => Assert.Equal(TenantSketch.DeltaTenants, sketch.Count));
            var plain = delta with { Tenants = new Dictionary<int, TenantSketch>() };
            Assert.InRange(delta.ToBytes().Length - plain.ToBytes().Length, 1, 64_000);
            window.Merge(delta.Tenants[0]);
            monitor.Merge(delta, Streams.Start.AddMinutes(i));
        }

        Assert.Equal(TenantSketch.WindowTenants, window.Count);
        Assert.Equal(Deltas * Rows, window.All.Rows);
        Assert.InRange(window.Tenants.Single(static t => t.Tenant == "heavy").Sketch.Rows, (long)(0.9 * heavy), heavy);
        var state = monitor.Save();
        Assert.InRange(state.Length, 1, 300_000);
        Assert.Equal(state, ModelMonitor.Load(Streams.Monitor(baseline), state).Save());
    }

    [Fact]
    public void TenantsOfTheSameDelta_CountOnce_AlsoOverAStoredState()
    {
        var random = new Random(Seed);
        var baseline = Streams.Baseline(5000, random);
        var monitor = Streams.Monitor(baseline);
        var feed = new PredictionFeed(Streams.Features + 1);
        var collector = new SketchCollector(feed, baseline.Layout(), "silo", 1, Streams.Start);
        collector.WatchTenants([5]);
        var deltas = new List<SketchDelta>();
        for (var i = 1; i <= 3; i++)
        {
            for (var r = 0; r < 50; r++)
            {
                var row = Streams.Row(random, 0);
                feed.Offer(row.AsSpan(0, Streams.Features), row.AsSpan(Streams.Features), Six[r % i]);
            }

            collector.Drain();
            deltas.AddRange(collector.Cut(Streams.Start.AddMinutes(i)));
        }

        foreach (var delta in deltas)
        {
            Assert.Equal(MergeOutcome.Merged, monitor.Merge(delta, Streams.Start.AddMinutes(5)));
        }

        var state = monitor.Save();
        var stored = ModelMonitor.Load(Streams.Monitor(baseline), state);
        foreach (var delta in deltas.AsEnumerable().Reverse())
        {
            Assert.Equal(MergeOutcome.Duplicate, stored.Merge(delta, Streams.Start.AddMinutes(5)));
        }

        Assert.Equal(state, stored.Save());
        Assert.Equal(2, state[FormatAt]);
    }

    [Fact]
    public void ASketchOfParts_IsThatOfTheWhole_WhileTenantsHaveRoom()
    {
        var random = new Random(Seed);
        var layout = Streams.Baseline(5000, random).Layout().Columns[0];
        var whole = new TenantSketch(layout);
        TenantSketch[] parts = [new(layout), new(layout), new(layout)];
        for (var i = 0; i < 900; i++)
        {
            var (tenant, value, isMissing) = ($"t{random.Next(20)}", (float)random.NextDouble(), random.Next(9) == 0);
            whole.Add(tenant, value, isMissing, null);
            parts[random.Next(3)].Add(tenant, value, isMissing, null);
        }

        var merged = new TenantSketch(layout, TenantSketch.WindowTenants);
        merged.Merge(parts[2]);
        merged.Merge(parts[0]);
        merged.Merge(parts[1]);
        Assert.Equal(Figures(whole), Figures(merged));

        static IEnumerable<(string, long, long, string)> Figures(TenantSketch sketch) =>
            sketch.Tenants.Append(("", sketch.All)).Select(static t => (t.Item1, t.Item2.Rows, t.Item2.Nulls, string.Join(' ', t.Item2.Bins)));
    }
}
