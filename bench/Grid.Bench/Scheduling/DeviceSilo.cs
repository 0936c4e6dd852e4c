using Grid.Inference.Hosting;
using Grid.Silo.Commands;
using Grid.Silo.Hosting;

namespace Grid.Bench.Scheduling;

/// <summary>The silo as it is shipped, whose models run on a <see cref="FixedTimeDevice"/>. A role of this program: <c>grid serve</c> knows nothing of it.</summary>
internal static class DeviceSilo
{
    public const string Command = "device-silo";

    public static async Task RunAsync(string state, string address, double deviceMs, CancellationToken cancellationToken)
    {
        var device = new FixedTimeDevice(TimeSpan.FromMilliseconds(deviceMs));
        var options = ServeCommand.OptionsOf(
            new ServeArguments { State = state, HttpAddress = address },
            new ConfigurationBuilder().AddEnvironmentVariables("GRID_").Build());
        options.ModelFaults = new FaultPoints
        {
            BeforeRun = (_, _) => device.Run(),

            // A run is never cheap enough for its caller's thread, and deadlines are judged by what it really takes.
            Cost = _ => deviceMs * 1e6,
        };
        await using var silo = await GridSilo.StartAsync(options, static logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(), cancellationToken);
        await Console.Out.WriteLineAsync($"Grid is ready at {silo.Address}");
        await silo.WaitForShutdownAsync(cancellationToken);
    }
}
