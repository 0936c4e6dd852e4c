using System.Globalization;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>What a scrape of a silo at work reads.</summary>
public sealed class MetricsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly HttpClient _http = silo.Http;

    [Fact]
    public async Task Families_OfGridOrleansAndHttp_HaveTheirTypes()
    {
        var text = await ScrapeAsync();
        string[] expected =
        [
            "# TYPE grid_storage_commit_duration_seconds histogram",
            "# TYPE grid_storage_append_size_bytes_total counter",
            "# TYPE grid_inference_run_duration_seconds histogram",
            "# TYPE grid_inference_batch_rows histogram",
            "# TYPE grid_inference_runs_total counter",
            "# TYPE grid_inference_queue_length gauge",
            "# TYPE grid_inference_loaded_bytes gauge",
            "# TYPE grid_inference_workers gauge",
            "# TYPE grid_inference_workers_busy gauge",
            "# TYPE grid_silo_ready gauge",
            "# TYPE grid_silo_condition gauge",
            "# TYPE grid_catalogue_age_seconds gauge",
            "# TYPE grid_shards_owned gauge",
            "# TYPE grid_shards_confirmation_age_seconds gauge",
            "# TYPE http_server_request_duration_seconds histogram",
        ];
        var types = text.Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToArray();

        Assert.All(expected, line => Assert.Contains(line, types));
        Assert.Contains(types, static line => line.StartsWith("# TYPE orleans_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoFamilyAndNoSeries_IsThereTwice()
    {
        var lines = (await ScrapeAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var types = lines.Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]);
        var series = lines.Where(static line => line[0] != '#').Select(static line => line[..line.LastIndexOf(' ')]);

        Assert.Empty(types.GroupBy(static name => name).Where(static group => group.Count() > 1).Select(static group => group.Key));
        Assert.Empty(series.GroupBy(static name => name).Where(static group => group.Count() > 1).Select(static group => group.Key));
    }

    [Fact]
    public async Task Histogram_HasBucketsFromTensOfMicrosecondsThatEndInItsCount()
    {
        const string family = "http_server_request_duration_seconds";
        var lines = (await ScrapeAsync()).Split('\n');
        var route = lines.First(static line => line.StartsWith($"{family}_count", StringComparison.Ordinal) && line.Contains("predict", StringComparison.Ordinal));
        var labels = route[(route.IndexOf('{', StringComparison.Ordinal) + 1)..route.LastIndexOf('}')];
        var buckets = lines.Where(line => line.StartsWith($"{family}_bucket{{{labels},", StringComparison.Ordinal)).ToArray();
        var counts = buckets.Select(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)).ToArray();

        Assert.Contains("le=\"1E-05\"", buckets[0].Replace("1e-05", "1E-05", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("le=\"+Inf\"", buckets[^1], StringComparison.Ordinal);
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(route[(route.LastIndexOf(' ') + 1)..], buckets[^1][(buckets[^1].LastIndexOf(' ') + 1)..]);
    }

    [Fact]
    public async Task Counter_RisesByTheRunsThatWereMade()
    {
        var before = Sum(await ScrapeAsync(), "grid_inference_runs_total");
        await _http.PostJsonAsync($"{Flights.Root}/tenants/metrics/predict/{Flights.Model}", Flights.Predict);
        Assert.True(Sum(await ScrapeAsync(), "grid_inference_runs_total") >= before + 1);
    }

    /// <summary>A scrape after at least one append and one prediction.</summary>
    private async Task<string> ScrapeAsync()
    {
        await _http.PostJsonAsync($"{Flights.Root}/tenants/metrics/events", Flights.Append(Flights.Event(Guid.NewGuid().ToString("n"))));
        await _http.PostJsonAsync($"{Flights.Root}/tenants/metrics/predict/{Flights.Model}", Flights.Predict);
        using var response = await _http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static double Sum(string text, string family) => text.Split('\n')
        .Where(line => line.StartsWith(family, StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
