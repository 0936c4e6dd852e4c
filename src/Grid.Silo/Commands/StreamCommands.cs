using System.CommandLine;
using System.Globalization;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid streams</c>.</summary>
internal static class StreamCommands
{
    private static readonly string[] Headers =
        ["source", "partition", "state", "epoch", "frontier", "age ms", "lag", "delivered", "again", "duplicates", "gaps", "dead letters", "parked", "error"];

    public static Command Streams(CommandContext context)
    {
        var command = new Command("streams", "Shows how far the reader of each partition of a topic is.");
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var partitions = await client.Streams.ListAsync(cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(new StreamsBody { Partitions = [.. partitions.Select(WireStreams.ToBody)] }, WireContext.Default.StreamsBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteTable(Headers, partitions.Select(static p => (string[])
            [
                p.Source, Text(p.Partition), WireEnum.NameOf(p.State), Text(p.Epoch), Text(p.Frontier), Text(p.FrontierAgeMs), Text(p.Lag), Text(p.Delivered),
                Text(p.Redelivered), Text(p.Duplicates), Text(p.Gaps), Text(p.DeadLettered), Text(p.Parked), p.Error?.ToString() ?? "",
            ]));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
