using Grid.Client;
using Grid.Client.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the SDK to a host.</summary>
public static class GridClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IGridClientFactory"/> and, for the options' workspace, <see cref="IGridClient"/>, both over HTTP.
    /// Options are checked at the start of the host, all mistakes at once.
    /// </summary>
    public static IServiceCollection AddGridClient(this IServiceCollection services, Action<GridClientOptions>? configure = null)
    {
        services.AddOptions<GridClientOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GridClientOptions>, GridClientOptionsValidator>());
        services.TryAddSingleton<IGridClientFactory, HttpGridClientFactory>();
        services.TryAddSingleton(static provider =>
            provider.GetRequiredService<IGridClientFactory>().ForWorkspace(provider.GetRequiredService<IOptions<GridClientOptions>>().Value.Workspace));
        return services;
    }
}
