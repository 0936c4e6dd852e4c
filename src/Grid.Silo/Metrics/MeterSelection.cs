namespace Grid.Silo.Metrics;

/// <summary>A meter, or a family of them, that is emitted.</summary>
/// <param name="Meter">Exact name, or a prefix that ends in a dot.</param>
/// <param name="Instruments">Names of instruments; null for all.</param>
/// <param name="Tags">Tags that become labels; null for all. Fewer tags are fewer series.</param>
/// <param name="Buckets">Bounds to use in place of what the instruments advise.</param>
internal sealed record MeterSelection(string Meter, string[]? Instruments = null, string[]? Tags = null, double[]? Buckets = null)
{
    /// <summary>
    /// Grid's own meters, those of Orleans, and HTTP requests by method, route and status
    /// (whose advised buckets begin at 5 ms, where most of ours end).
    /// </summary>
    public static readonly MeterSelection[] Default =
    [
        new("Grid."),
        new("Microsoft.Orleans"),
        new(
            "Microsoft.AspNetCore.Hosting",
            ["http.server.request.duration", "http.server.active_requests"],
            ["http.request.method", "http.route", "http.response.status_code"],
            MetricBuckets.Seconds),
    ];

    public bool Covers(System.Diagnostics.Metrics.Instrument instrument) =>
        (Meter.EndsWith('.') ? instrument.Meter.Name.StartsWith(Meter, StringComparison.Ordinal) : instrument.Meter.Name == Meter)
        && (Instruments is null || Instruments.Contains(instrument.Name));
}
