using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Grid.Streams.Kafka;

/// <summary>Adds Kafka stream providers to silos and clients.</summary>
public static class KafkaStreamsHostingExtensions
{
    /// <summary>
    /// Streams whose namespaces are Kafka topics. Subscriptions are kept as Orleans keeps them: explicit ones need a grain storage named <c>PubSubStore</c>, implicit ones alone
    /// (<c>streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly)</c>) need none. Wrong options stop the start with all mistakes; brokers that are away do not.
    /// </summary>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Topics and connection; required.</param>
    /// <param name="streams">Orleans' own settings: balancer, pulling agents, subscriptions.</param>
    public static ISiloBuilder AddKafkaStreams(this ISiloBuilder builder, string name, Action<KafkaStreamOptions> configure, Action<ISiloPersistentStreamConfigurator>? streams = null)
    {
        builder.ConfigureServices(services =>
        {
            AddParts(services, name, configure);
            services.AddSingleton<IConfigurationValidator>(provider => new KafkaStreamOptionsValidator(provider, name));
        });
        return builder.AddPersistentStreams(name, KafkaAdapterFactory.Create, configurator => streams?.Invoke(configurator));
    }

    /// <summary>The same streams for a client: it sends, and subscribes explicitly.</summary>
    /// <param name="name">The provider's name, as on the silos.</param>
    /// <param name="configure">Topics and connection, as on the silos.</param>
    /// <param name="streams">Orleans' own settings.</param>
    public static IClientBuilder AddKafkaStreams(this IClientBuilder builder, string name, Action<KafkaStreamOptions> configure, Action<IClusterClientPersistentStreamConfigurator>? streams = null)
    {
        builder.ConfigureServices(services => AddParts(services, name, configure));
        return builder.AddPersistentStreams(name, KafkaAdapterFactory.Create, configurator => streams?.Invoke(configurator));
    }

    private static void AddParts(IServiceCollection services, string name, Action<KafkaStreamOptions> configure)
    {
        services.AddOptions<KafkaStreamOptions>(name).Configure(configure);
        services.TryAddSingleton(static provider => new KafkaInstruments(provider.GetService<IMeterFactory>()));
    }
}
