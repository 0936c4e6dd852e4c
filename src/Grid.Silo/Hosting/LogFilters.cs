namespace Grid.Silo.Hosting;

/// <summary>What of the actor runtime's log an operator of Grid wants to see.</summary>
internal static class LogFilters
{
    /// <summary>Warnings and above; of the watchdog errors only: at start it reports the machine's uptime as a delay of its own check.
    /// Nothing of the library by which the runtime repeats placements: it tells each attempt of each call, with its stack, and what fails in the end the runtime tells itself.</summary>
    public static ILoggingBuilder AddOrleansFilters(this ILoggingBuilder logging) =>
        logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Polly", LogLevel.None);
}
