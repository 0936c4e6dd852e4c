using System.Diagnostics.Metrics;
using System.Text;
using Grid.Silo.Metrics;
using Prometheus;

namespace Grid.Silo.Tests.Metrics;

/// <summary>Real instruments in, the emitted text out. Each test has meters of its own, since meters belong to the process.</summary>
public sealed class MeterBridgeTests : IDisposable
{
    private readonly string _prefix = $"Test{Guid.NewGuid():n}.";
    private readonly Meter _meter;
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly MeterBridge _bridge;

    public MeterBridgeTests()
    {
        _meter = new Meter(_prefix + "Area");
        _bridge = new MeterBridge(_registry, [new MeterSelection(_prefix)], maxSeries: 5);
    }

    public void Dispose()
    {
        _bridge.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Counter_IsACounter_WithWhatWasCountedBeforeTheFirstScrape()
    {
        var counter = _meter.CreateCounter<long>("grid.predictions", "{prediction}", "Predictions answered.");
        counter.Add(2, new KeyValuePair<string, object?>("verdict", "ok"));
        counter.Add(3, new KeyValuePair<string, object?>("verdict", "ok"));
        counter.Add(1, new KeyValuePair<string, object?>("verdict", "failed"));

        var text = await ScrapeAsync();

        Assert.Contains("# HELP grid_predictions_total Predictions answered.\n# TYPE grid_predictions_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_predictions_total{verdict=\"ok\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_predictions_total{verdict=\"failed\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpDownAndGauges_AreGauges()
    {
        var depth = _meter.CreateUpDownCounter<int>("grid.queue.depth");
        depth.Add(5);
        depth.Add(-2);
        _meter.CreateGauge<double>("grid.load", "%").Record(50);
        var bytes = 7L;
        _meter.CreateObservableGauge("grid.memory", () => bytes, "By");
        var left = 9;
        _meter.CreateObservableUpDownCounter("grid.left", () => left);

        var text = await ScrapeAsync();
        Assert.Contains("# TYPE grid_queue_depth gauge\ngrid_queue_depth 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE grid_load_ratio gauge\ngrid_load_ratio 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE grid_memory_bytes gauge\ngrid_memory_bytes 7\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE grid_left gauge\ngrid_left 9\n", text, StringComparison.Ordinal);

        bytes = 8;
        Assert.Contains("grid_memory_bytes 8\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservableCounter_IsACounterOfItsTotal()
    {
        var total = 10L;
        _meter.CreateObservableCounter("grid.events", () => total);
        await ScrapeAsync();
        total = 12;
        var text = await ScrapeAsync();
        Assert.Contains("# TYPE grid_events_total counter\ngrid_events_total 12\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histogram_InSeconds_HasBucketsFromTenMicroseconds()
    {
        _meter.CreateHistogram<double>("grid.predict.duration", "s").Record(0.00002);
        var text = await ScrapeAsync();
        Assert.Contains("# TYPE grid_predict_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_predict_duration_seconds_bucket{le=\"1E-05\"} 0\n", text.Replace("1e-05", "1E-05", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("grid_predict_duration_seconds_bucket{le=\"10\"} 1\n", text.Replace("le=\"10.0\"", "le=\"10\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("grid_predict_duration_seconds_count 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Milliseconds_AreEmittedAsSeconds_AdvisedBucketsToo()
    {
        var histogram = _meter.CreateHistogram<long>("grid.latency-ms", "ms", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 500] });
        histogram.Record(250);
        var text = await ScrapeAsync();
        Assert.Contains("grid_latency_seconds_sum 0.25\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_latency_seconds_bucket{le=\"0.001\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_latency_seconds_bucket{le=\"0.5\"} 1\n", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split('\n').Count(static l => l.StartsWith("grid_latency_seconds_bucket", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SeriesOverTheLimit_GoToOther_AndAreCounted()
    {
        var counter = _meter.CreateCounter<int>("grid.wide");
        for (var i = 0; i < 12; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("tenant", $"t{i}"));
        }

        var text = await ScrapeAsync();
        Assert.Equal(6, text.Split('\n').Count(static l => l.StartsWith("grid_wide_total{", StringComparison.Ordinal)));
        Assert.Contains("grid_wide_total{tenant=\"other\"} 7\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_metrics_dropped_measurements_total{instrument=\"grid_wide_total\"} 7\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservedSeries_ThatIsNotObservedAnyMore_GoesAway()
    {
        var models = new List<string> { "a", "b" };
        _meter.CreateObservableGauge("grid.loaded", () => models.Select(static m => new Measurement<int>(1, new KeyValuePair<string, object?>("model", m))));
        Assert.Contains("grid_loaded{model=\"b\"} 1\n", await ScrapeAsync(), StringComparison.Ordinal);

        models.Remove("b");
        var text = await ScrapeAsync();
        Assert.Contains("grid_loaded{model=\"a\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("model=\"b\"", text, StringComparison.Ordinal);

        models.Add("b");
        Assert.Contains("grid_loaded{model=\"b\"} 1\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObservableThatThrows_LeavesTheOthersAndIsCounted()
    {
        _meter.CreateObservableGauge("grid.broken", (Func<int>)(static () => throw new InvalidOperationException()));
        _meter.CreateObservableGauge("grid.whole", static () => 1);
        var text = await ScrapeAsync();
        Assert.Contains("grid_whole 1\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_metrics_observe_failures_total 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameName_InAnotherMeter_KeepsApart()
    {
        using var other = new Meter(_prefix + "Other");
        _meter.CreateCounter<int>("requests").Add(1);
        other.CreateHistogram<int>("requests_total").Record(5);
        other.CreateCounter<int>("requests").Add(2);
        var text = await ScrapeAsync();
        Assert.Contains("\nrequests_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("_other_requests_counter_total 2\n", text, StringComparison.Ordinal);
        Assert.Contains("_other_requests_total_count 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameInstrument_WithTagsInSomeMeasurementsOnly_IsOneFamily()
    {
        var counter = _meter.CreateCounter<int>("grid.mixed");
        counter.Add(1);
        counter.Add(2, new KeyValuePair<string, object?>("http.route", "/v1"), new KeyValuePair<string, object?>("status", 200));
        var text = await ScrapeAsync();
        Assert.Equal(1, text.Split('\n').Count(static l => l == "# TYPE grid_mixed_total counter"));
        Assert.Contains("grid_mixed_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("grid_mixed_total{http_route=\"/v1\",status=\"200\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeterThatIsNotSelected_IsNotEmitted()
    {
        using var foreign = new Meter("Foreign" + _prefix);
        foreign.CreateCounter<int>("foreign.things").Add(1);
        Assert.DoesNotContain("foreign", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void KnownSeries_CostsNoAllocation()
    {
        var counter = _meter.CreateCounter<long>("grid.hot");
        var tag = new KeyValuePair<string, object?>("shard", "a/b/0");
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, tag);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1, tag);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("orleans-messaging-sent-messages-size", "By", false, "orleans_messaging_sent_messages_size_bytes")]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("grid.size_bytes", "By", false, "grid_size_bytes")]
    [InlineData("grid_done_total", null, true, "grid_done_total")]
    [InlineData("GridCamelCase..x", null, false, "grid_camel_case_x")]
    [InlineData("9lives", "{life}", true, "_9lives_total")]
    public void Names_AreWordsWithTheirUnitOnce(string instrument, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, MetricName.Of(instrument, MetricUnit.Parse(unit).Suffix, isCounter));

    private async Task<string> ScrapeAsync()
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
