using Grid.Grains.Hosting;
using Grid.Grains.ModelEvents;
using Grid.Grains.Signals;
using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Monitoring;

/// <summary>Adds what monitors and signals stand on.</summary>
internal static class MonitoringServices
{
    public static void AddGridMonitoring(this IServiceCollection services, IGridStore store)
    {
        services.AddSingleton(store.Documents);
        services.AddSingleton<MonitorFeeds>();
        services.AddSingleton<MonitorStore>();
        services.AddSingleton<VersionBaselines>();
        services.AddSingleton<VersionPolicies>();
        services.AddSingleton<MetricsSink>();
        services.AddSingleton<LogSink>();
        services.AddSingleton(static provider => new EventSinks(Sinks(provider)));
        services.AddSingleton<ModelEventsStore>();
        services.AddHostedService<ModelEventsWatch>();
        services.AddSingleton<MonitorReporter>();
        services.AddHostedService(static provider => provider.GetRequiredService<MonitorReporter>());
    }

    private static IEnumerable<object> Sinks(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GridGrainsOptions>>().Value.Monitoring.Signals;
        var source = new Uri(options.Source, UriKind.RelativeOrAbsolute);
        var metrics = provider.GetRequiredService<MetricsSink>();
        var logging = provider.GetRequiredService<ILoggerFactory>();
        yield return provider.GetRequiredService<LogSink>();
        yield return metrics;
        foreach (var webhook in options.Webhooks)
        {
            yield return new WebhookSink(webhook, source, metrics, provider.GetRequiredService<TimeProvider>(), logging.CreateLogger<WebhookSink>());
        }

        if (options.Topic is { } topic)
        {
            yield return new KafkaSink(new KafkaEventProducer(new KafkaClientFactory(topic.Connection, "signals.topic.connection"), topic.Name, logging: logging), source, metrics);
        }
    }
}
