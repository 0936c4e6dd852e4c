using Grid.Monitoring.Feeding;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Tests.Feeding;

public sealed class PredictionFeedTests
{
    [Fact]
    public void FullRing_TakesASample_AndCountsTheRest()
    {
        var feed = new PredictionFeed(2, 64);
        var layout = SketchLayout.Unbinned(["x"], ["p"]);
        var collector = new SketchCollector(feed, layout, "silo", 1, DateTimeOffset.UnixEpoch);
        for (var i = 0; i < 1000; i++)
        {
            feed.Offer([i], [0], "t");
        }

        Assert.True(feed.Stride > 1);
        while (collector.Drain() > 0)
        {
        }

        var delta = Assert.Single(collector.Cut(DateTimeOffset.UnixEpoch.AddSeconds(5)));
        Assert.Equal(64, delta.Total.Rows);
        Assert.Equal(1000, delta.Total.Rows + delta.Total.Skipped);
        Assert.Equal(0.064, delta.Total.SamplingRate, 1e-9);
        while (feed.Stride > 1)
        {
            collector.Drain();
        }

        Assert.True(feed.Offer([1], [0], "t"));
    }

    [Fact]
    public void ManyWriters_LoseNothing_AndMixNoRows()
    {
        const int Writers = 4, Rows = 20_000;
        var feed = new PredictionFeed(3, 1024);
        var values = new float[3];
        var missing = new ulong[1];
        long taken = 0, torn = 0;
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < Rows; i++)
            {
                float v = (w * Rows) + i;
                feed.Offer([v, -v], [v + 0.5f], v.ToString("0", System.Globalization.CultureInfo.InvariantCulture));
            }
        })).ToArray();
        var all = Task.WhenAll(writers);
        while (true)
        {
            var done = all.IsCompleted;
            while (feed.TryTake(values, missing, out var tenant, out _))
            {
                taken++;
                torn += values[1] == -values[0] && values[2] == values[0] + 0.5f && tenant == values[0].ToString("0", System.Globalization.CultureInfo.InvariantCulture) ? 0 : 1;
            }

            if (done)
            {
                break;
            }
        }

        Assert.Equal(0, torn);
        Assert.Equal(Writers * Rows, taken + feed.Skipped);
    }

    [Fact]
    public void Delta_SurvivesItsBytes_WithWatchedTenants()
    {
        var feed = new PredictionFeed(2);
        var layout = SketchLayout.Unbinned(["x"], ["p"]);
        var collector = new SketchCollector(feed, layout, "silo", 7, DateTimeOffset.UnixEpoch);
        collector.WatchTenants([0]);
        for (var i = 0; i < 10; i++)
        {
            feed.Offer([i], [0], $"t{i % 3}", [i == 4 ? 1UL : 0]);
        }

        collector.Drain();
        var delta = Assert.Single(collector.Cut(DateTimeOffset.UnixEpoch.AddSeconds(5)));
        var read = SketchDelta.FromBytes(delta.ToBytes(), layout);
        Assert.Equal(delta.ToBytes(), read.ToBytes());
        Assert.Equal((7, 1, 10, 1), (read.Epoch, read.Sequence, read.Total.Rows, read.Total.Columns[0].Nulls));
        var tenants = Assert.Single(read.Tenants);
        Assert.Equal((0, 10L), (tenants.Key, tenants.Value.All.Rows));
        Assert.Equal([("t0", 4L, 0L), ("t1", 3L, 1L), ("t2", 3L, 0L)], tenants.Value.Tenants.Select(static t => (t.Tenant, t.Sketch.Rows, t.Sketch.Nulls)));
        Assert.Empty(collector.Cut(DateTimeOffset.UnixEpoch.AddSeconds(10)));
    }

    [Fact]
    public void RowsOfManyWindows_AreCutByTheirOwnTime_OldestFirst()
    {
        var feed = new PredictionFeed(1);
        var layout = SketchLayout.Unbinned(["x"], []);
        var hour = TimeSpan.FromHours(1);
        var collector = new SketchCollector(feed, layout, "silo", 1, DateTimeOffset.UnixEpoch, window: t => new DateTimeOffset(t.Ticks - (t.Ticks % hour.Ticks), TimeSpan.Zero));
        foreach (var minute in (int[])[130, 10, 20, 70, 50])
        {
            feed.Offer([minute], [], "t", default, minute * 60_000L);
        }

        collector.Drain();
        var deltas = collector.Cut(DateTimeOffset.UnixEpoch.AddYears(30));
        Assert.Equal([(10, 50, 3L, 1L), (70, 70, 1L, 2L), (130, 130, 1L, 3L)], deltas.Select(static d => (Minute(d.From), Minute(d.To), d.Total.Rows, d.Sequence)));

        static int Minute(DateTimeOffset time) => (int)(time - DateTimeOffset.UnixEpoch).TotalMinutes;
    }

    [Fact]
    public void MoreWindowsThanFit_WaitInTheRing_UntilACut()
    {
        var feed = new PredictionFeed(1);
        var collector = new SketchCollector(feed, SketchLayout.Unbinned(["x"], []), "silo", 1, DateTimeOffset.UnixEpoch, window: static t => t);
        for (var i = 0; i <= SketchCollector.MaximumWindows; i++)
        {
            feed.Offer([i], [], "t", default, i);
        }

        Assert.Equal(SketchCollector.MaximumWindows, collector.Drain());
        Assert.True(collector.IsFull);
        Assert.Equal(0, collector.Drain());
        Assert.Equal(SketchCollector.MaximumWindows, collector.Cut(DateTimeOffset.UnixEpoch).Count);
        Assert.Equal(1, collector.Drain());
    }

    [Fact]
    public void ACollectorOfSomeColumns_LeavesTheOthersOut()
    {
        var feed = new PredictionFeed(4);
        var collector = new SketchCollector(feed, SketchLayout.Unbinned(["c"], ["p"]), "silo", 1, DateTimeOffset.UnixEpoch, columns: [2, 3]);
        feed.Offer([1, 2, 3], [0.5f], "t", [0b010]);
        feed.Offer([1, 2, 3], [0.5f], "t", [0b100]);
        collector.Drain();
        var total = Assert.Single(collector.Cut(DateTimeOffset.UnixEpoch)).Total;
        Assert.Equal((1L, 1L, 3.0, 0.5), (total.Columns[0].Nulls, total.Columns[0].Moments.Count, total.Columns[0].Moments.Mean, total.Columns[1].Moments.Mean));
    }

    [Fact]
    public void Offering_AllocatesNothing()
    {
        var feed = new PredictionFeed(25, 1 << 16);
        float[] features = new float[24], outputs = new float[1];
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            // The runtime may charge a thread with work of its own now and then; an allocation in the code would be in every round.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                feed.Offer(features, outputs, "t");
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
