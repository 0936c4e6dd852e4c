using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid replay</c>.</summary>
internal static class ReplayCommands
{
    public static Command Replay(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "Id of the prediction, as it was answered." };
        var command = new Command("replay", "Computes a logged prediction again and compares the two bit by bit; 1 where they differ.") { id };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var replay = await client.Predictions.ReplayAsync(parsed.GetValue(id)!, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireRecords.ToBody(replay), WireContext.Default.ReplayBody);
            }
            else
            {
                Write(context.Output, replay);
            }

            return replay.IsEqual ? ExitCodes.Ok : ExitCodes.Failed;
        }));
        return command;
    }

    private static void Write(CommandOutput output, Replay replay)
    {
        var logged = replay.Logged;
        List<(string, string)> pairs =
        [
            ("prediction", logged.Id),
            ("model", $"{logged.Model} {logged.Version}"),
            ("digest", logged.Digest),
            ("entity", $"{logged.Entity} of tenant {logged.Tenant}"),
            ("as of", new WireTime(logged.AsOfMs).ToString()),
            ("answered", string.Create(CultureInfo.InvariantCulture, $"{new WireTime(logged.AnsweredMs)} in {logged.LatencyUs} us")),
            ("views", logged.Views),
            ("runtime", logged.Runtime == replay.Runtime ? logged.Runtime : $"{logged.Runtime}, now {replay.Runtime}"),
            ("equal", replay.IsEqual ? "to the bit" : string.Create(CultureInfo.InvariantCulture, $"no: {replay.MaxDifference:G7} apart")),
        ];
        output.WritePairs(pairs);
        output.WriteTable(["output", "logged", "now"], logged.OutputNames.Select((name, i) => new[] { name, Text(logged.Values, i), Text(replay.Values, i) }));
        output.WriteTable(["feature", "value"], logged.FeatureNames.Select((name, i) => new[] { name, Text(logged.Features, i) }));
    }

    private static string Text(float[] values, int i) => i < values.Length ? values[i].ToString("R", CultureInfo.InvariantCulture) : "-";
}
