using Grid.Silo.Commands;

namespace Grid.Silo.Hosting;

/// <summary>Runs a silo until it is stopped.</summary>
internal static class ServeCommand
{
    private const string EnvironmentPrefix = "GRID_";

    public static async Task<int> RunAsync(ServeArguments arguments, CancellationToken cancellationToken)
    {
        var options = OptionsOf(arguments, new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).Build());
        await using var silo = await GridSilo.StartAsync(options, Log, cancellationToken);

        // Scripts and tests wait for this line.
        Console.WriteLine($"Grid is ready at {silo.Address}");
        await silo.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Defaults, then the configuration, then what the command line said.</summary>
    internal static GridSiloOptions OptionsOf(ServeArguments arguments, IConfiguration configuration)
    {
        var options = new GridSiloOptions();
        configuration.Bind(options);
        options.StateFolder = arguments.State ?? options.StateFolder;
        options.HttpAddress = arguments.HttpAddress ?? options.HttpAddress;
        options.Models = arguments.Models ?? options.Models;
        options.Views = arguments.Views.Count > 0 ? [.. arguments.Views] : options.Views;
        options.SourceFiles = arguments.Sources.Count > 0 ? [.. arguments.Sources] : options.SourceFiles;
        options.CreateTenantsOnFirstUse = arguments.AutoCreateTenants ?? options.CreateTenantsOnFirstUse;
        options.SiloPort = arguments.SiloPort ?? options.SiloPort;
        options.GatewayPort = arguments.GatewayPort ?? options.GatewayPort;
        return options;
    }

    private static void Log(ILoggingBuilder logging) =>
        logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddOrleansFilters()
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
}
