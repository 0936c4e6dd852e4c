using Grid.Silo.Commands;

namespace Grid.Silo.Hosting;

/// <summary>Runs a silo until it is stopped.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(ServeArguments arguments, CancellationToken cancellationToken)
    {
        var options = new GridSiloOptions();
        new ConfigurationBuilder().AddEnvironmentVariables("GRID_").Build().Bind(options);
        options.StateFolder = arguments.State;
        options.HttpAddress = arguments.HttpAddress;
        options.Models = arguments.Models ?? options.Models;
        options.Views = arguments.Views.Count > 0 ? [.. arguments.Views] : options.Views;
        options.CreateTenantsOnFirstUse = arguments.AutoCreateTenants;
        options.SiloPort = arguments.SiloPort;
        options.GatewayPort = arguments.GatewayPort;
        await using var silo = await GridSilo.StartAsync(options, Log, cancellationToken);

        // Scripts and tests wait for this line.
        Console.WriteLine($"Grid is ready at {silo.Address}");
        await silo.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Log(ILoggingBuilder logging) =>
        logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
}
