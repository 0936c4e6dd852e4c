using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid cluster</c> and <c>grid drain</c>.</summary>
internal static class ClusterCommands
{
    private static readonly string[] Headers = ["silo", "phase", "zone", "door", "cores", "memory MiB", "shards", "partitions", "replicas", "predictions/s", "revision", "heard ms ago"];

    public static Command Cluster(CommandContext context)
    {
        var command = new Command("cluster", "Shows the silos: load, shards, partitions of topics.");
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            Write(context, context.WantsJson(parsed), await client.Cluster.ListAsync(cancellationToken));
            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Drain(CommandContext context)
    {
        var silo = new Argument<string>("silo") { Description = "Name of the silo, as 'grid cluster' shows it." };
        var command = new Command("drain", "Has a silo hand over its shards while it serves, and take no more. It can be stopped then.") { silo };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var drained = await client.Cluster.DrainAsync(parsed.GetValue(silo)!, cancellationToken);
            Write(context, context.WantsJson(parsed), [drained]);
            return drained.Shards == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        }));
        return command;
    }

    private static void Write(CommandContext context, bool asJson, IReadOnlyList<SiloInfo> silos)
    {
        if (asJson)
        {
            context.Output.WriteJson(new ClusterBody { Silos = [.. silos.Select(WireCluster.ToBody)] }, WireContext.Default.ClusterBody);
            return;
        }

        context.Output.WriteTable(Headers, silos.Select(static s => (string[])
        [
            s.Name, WireEnum.NameOf(s.Phase), s.Zone, s.Door,
            string.Create(CultureInfo.InvariantCulture, $"{s.UsedCores:0.0} of {s.Cores:0.#}"),
            string.Create(CultureInfo.InvariantCulture, $"{s.MemoryUsedBytes >> 20} of {s.MemoryLimitBytes >> 20}"),
            Text(s.Shards), Text(s.Partitions), Text(s.Replicas), s.PredictionsPerSecond.ToString("0.#", CultureInfo.InvariantCulture), Text(s.Revision), Text(s.HeardMsAgo),
        ]));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
