using Prometheus;

namespace Grid.Silo.Metrics;

/// <summary>Adds the metrics of the process and the door that they are scraped at.</summary>
internal static class GridMetricsEndpoints
{
    /// <summary>
    /// Starts to count at once, before the host is built: what happens before the first scrape is in it.
    /// Instruments of every silo in the process are seen, since meters belong to the process.
    /// </summary>
    public static IServiceCollection AddGridMetrics(this IServiceCollection services)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var bridge = new MeterBridge(registry);
        DotNetStats.Register(registry);
        services.AddSingleton(registry);

        // By a factory, so that the container disposes it with the host; asked for by the endpoint's mapping.
        services.AddSingleton(_ => bridge);
        return services;
    }

    /// <summary>Maps <c>/metrics</c> in Prometheus' text format.</summary>
    public static IEndpointRouteBuilder MapGridMetrics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<MeterBridge>();
        endpoints.MapMetrics("/metrics", endpoints.ServiceProvider.GetRequiredService<CollectorRegistry>());
        return endpoints;
    }
}
