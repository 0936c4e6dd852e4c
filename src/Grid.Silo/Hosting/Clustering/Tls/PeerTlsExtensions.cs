using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Grid.Silo.Hosting.Clustering.Tls;

/// <summary>Puts TLS under every connection of the actor runtime.</summary>
internal static class PeerTlsExtensions
{
    public static ISiloBuilder UsePeerTls(this ISiloBuilder silo, SiloClusterOptions options)
    {
        silo.Services.AddSingleton(services => new PeerCertificates(options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PeerCertificates>>()));
        silo.Services.AddSingleton<PeerTls>();
        silo.Services.AddSingleton<IConfigureOptions<SiloConnectionOptions>>(services => new ConfigureOptions<SiloConnectionOptions>(connections =>
        {
            // Made at the start: files that cannot be read end it with their names.
            var tls = services.GetRequiredService<PeerTls>();
            _ = services.GetRequiredService<PeerCertificates>().Current;
            connections.ConfigureSiloInboundConnection(builder => builder.Use(next => connection => tls.AcceptAsync(connection, next)));
            connections.ConfigureGatewayInboundConnection(builder => builder.Use(next => connection => tls.AcceptAsync(connection, next)));
            connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection => tls.ConnectAsync(connection, next)));
        }));
        return silo;
    }
}
