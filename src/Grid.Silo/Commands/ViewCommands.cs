using System.CommandLine;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary><c>grid views apply|show</c>.</summary>
internal static class ViewCommands
{
    public static Command Views(CommandContext context) => new("views", "Feature views.") { Apply(context), Show(context) };

    private static Command Apply(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "File of one or more YAML documents; - for standard input." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, and change nothing." };
        var prune = new Option<bool>("--prune") { Description = "Also remove the views that the file does not name." };
        var command = new Command("apply", "Applies all views of a file at once, or changes nothing.") { file, dryRun, prune };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var path = parsed.GetValue(file)!;
            var yaml = await CommandFiles.ReadTextAsync(path, cancellationToken);
            var dry = parsed.GetValue(dryRun);
            var info = await client.Views.ApplyAsync(yaml, CommandFiles.NameOf(path), dry, parsed.GetValue(prune), cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireTenants.ToBody(info), WireContext.Default.ViewsBody);
                return ExitCodes.Ok;
            }

            foreach (var change in info.Changed)
            {
                context.Output.WriteLine(change);
            }

            context.Output.WriteLine(info.Changed.Length == 0 ? "nothing to change" : dry ? $"{info.Changed.Length} would change" : $"{info.Changed.Length} changed, revision {info.Revision}");
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var command = new Command("show", "Prints the views of the workspace as YAML.");
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var info = await client.Views.GetAsync(cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireTenants.ToBody(info), WireContext.Default.ViewsBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteLine(info.Yaml.TrimEnd());
            return ExitCodes.Ok;
        }));
        return command;
    }
}
