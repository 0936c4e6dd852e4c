using System.CommandLine;

namespace Grid.Train.Commands;

/// <summary><c>grid-train register</c>: the folder of a version into a grid. Card and lineage go with it.</summary>
internal static class RegisterCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var where = new GridArguments();
        var version = new Option<string>("--version-name") { Description = "The version.", Required = true };
        var folder = new Option<string>("--folder") { Description = "The folder that training made.", Required = true };
        var live = new Option<bool>("--live") { Description = "Send all traffic to it once it is ready." };
        var shadow = new Option<bool>("--shadow") { Description = "Let it compute what the live version answers, for comparison, once it is ready." };
        var command = new Command("register", "Registers the folder of a version. The same bytes again change nothing.") { version, folder, live, shadow };
        where.AddTo(command);
        command.SetAction(TrainCommands.Run(error, async (parsed, cancellationToken) =>
        {
            using var grid = where.Connect(parsed);
            var (model, name) = (where.Model(parsed), parsed.GetRequiredValue(version));
            var info = await grid.Models.PushAsync(model, name, parsed.GetRequiredValue(folder), parsed.GetValue(live), cancellationToken);
            if (parsed.GetValue(shadow))
            {
                await grid.Models.SetShadowAsync(model, name, cancellationToken: cancellationToken);
                info = await grid.Models.GetVersionAsync(model, name, cancellationToken);
            }

            await output.WriteLineAsync($"{info.Model} {info.Version}: {info.State}, {info.Digest}");
        }));
        return command;
    }
}
